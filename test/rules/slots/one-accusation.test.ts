import { describe } from "vitest";
import { only } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const BADSLOT = 10053;
const MISORDERED = 10063;
const UNCACHED = 10068;
const FALSE_RETRY = 10076;

describe("misordered sequence ids", () => {
  only(["seq-first-not-one"], "a fresh slot begins with 7", (wire) => {
    wire.session().slot(0).send(7).fail(MISORDERED);
  });

  only(["seqid-zero-first"], "a fresh slot begins with 0", (wire) => {
    wire.session().slot(0).send(0).fail(MISORDERED);
  });

  only(["seq-gap"], "two requests are missing", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1);
    slot.send(4).fail(MISORDERED);
  });

  only(["seq-gap"], "after a refused first request", (wire) => {
    const slot = wire.session().slot(0);
    slot.send(1).fail(DELAY);
    slot.send(3).fail(MISORDERED);
  });

  only(["seq-behind"], "an old one again", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1, 9);
    slot.send(3).fail(MISORDERED);
  });

  only([], "a late copy", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1, 1, undefined, { xid: 7 });
    slot.exchange(2);
    slot.send(1, undefined, { xid: 7, on: wire.connect() }).fail(MISORDERED);
  });

  only(["seq-wrap-skipped-zero"], "1 after 0xffffffff", (wire) => {
    const slot = wire.adopted().slot(0);
    slot.exchange(0xffff_fffb, 0xffff_ffff);
    slot.send(1).fail(MISORDERED);
  });

  only(["slot-beyond-table", "slot-beyond-table"], "wrong sequence ids on two slots that do not exist", (wire) => {
    const session = wire.session({ slots: 4 });
    session.slot(9).send(7).fail(BADSLOT);
    session.slot(8).send(0);
  });
});

describe("retries", () => {
  only(["retry-before-reply"], "on the connection that owes the reply", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1);
    const first = slot.send(2);
    slot.send(2).fail(DELAY);
    first.ok();
  });

  only(["duplicate-on-two-connections"], "on another, while the first owes it", (wire) => {
    const session = wire.session();
    const on = wire.connect();
    session.slot(0).exchange(1);
    const first = session.slot(0).send(2);
    session.slot(1).exchange(1);
    wire.wait(1);
    session.slot(0).send(2, undefined, { on }).fail(DELAY);
    first.ok();
  });

  only(["retry-without-disconnect"], "while the reply travels", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1, 2);
    wire.pace(10e-6);
    slot.exchange(2);
  });

  only(["retry-after-reply"], "when it had come", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1, 2);
    slot.exchange(2);
  });

  only([], "after the connection was lost", (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1);
    session.slot(0).send(2);
    session.connection.close("rst");
    session.slot(0).exchange(2, 3, undefined, { on: wire.connect() });
  });

  only(["delay-resent-same-slot"], "of what was delayed behind SEQUENCE", (wire) => {
    const slot = wire.session().slot(0);
    slot.send(1).ok([0, DELAY]);
    slot.send(1).ok([0, DELAY]);
  });

  only(["false-retry"], "that are none", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1);
    slot.send(1, [op.putfh(), op.access()]).fail(FALSE_RETRY);
  });

  only(["false-retry-user"], "by another user", (wire) => {
    const slot = wire.session().slot(0);
    slot.send(1, undefined, { uid: 1000 }).ok();
    slot.send(1, undefined, { uid: 1001 }).fail(FALSE_RETRY);
  });

  only(["false-retry"], "by another user, of another request", (wire) => {
    const slot = wire.session().slot(0);
    slot.send(1, undefined, { uid: 1000 }).ok();
    slot.send(1, [op.putfh(), op.access()], { uid: 1001 }).fail(FALSE_RETRY);
  });

  only(["false-retry-cachethis"], "that no longer ask for caching", (wire) => {
    const slot = wire.session().slot(0);
    slot.send(1, [op.putfh(), op.write()], { cachethis: true }).ok();
    slot.send(1, [op.putfh(), op.write()]).fail(FALSE_RETRY);
  });

  only(["cachethis-retry-uncached", "uncached-nonidempotent"], "of what should have been cached", (wire) => {
    const session = wire.session();
    session.slot(0).send(1, [op.putfh(), op.remove()]);
    session.connection.close("rst");
    session.slot(0).send(1, [op.putfh(), op.remove()], { on: wire.connect() }).ok([0, UNCACHED]);
  });
});

describe("slots used too early", () => {
  only(["slot-reuse-while-outstanding"], "answered late", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1);
    const first = slot.send(2);
    const early = slot.send(3);
    first.ok();
    early.ok();
  });

  only(["slot-reuse-while-outstanding"], "probed until it is found again", (wire) => {
    const slot = wire.session().slot(0);
    slot.exchange(1, 4);
    slot.send(5, [op.putfh(), op.read()]);
    slot.send(6, [op.putfh(), op.read()]).fail(MISORDERED);
    slot.send(5, []).fail(MISORDERED);
    slot.send(4, []).ok();
    slot.exchange(5);
  });

  only(["slot-abandoned-after-disconnect"], "after the connection was lost", (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1);
    session.slot(0).send(2);
    session.connection.close("rst");
    session.slot(0).exchange(3, 5, undefined, { on: wire.connect() });
  });
});

describe("healthy traffic", () => {
  only([], "many slots, some delayed, a reconnect, a lease renewed", (wire) => {
    const session = wire.session({ slots: 8 });
    for (let seq = 1; seq < 5; seq++) {
      const calls = [0, 1, 2, 3].map((slot) => session.slot(slot).send(seq));
      for (const call of calls.reverse()) call.ok();
    }
    session.slot(0).send(5, [op.putfh(), op.remove()], { cachethis: true }).fail(DELAY);
    wire.wait(1);
    session.slot(0).send(5, [op.putfh(), op.remove()], { cachethis: true }).ok();
    const lost = session.slot(1).send(5, [op.putfh(), op.write()]);
    session.connection.close("rst");
    const on = wire.connect();
    session.slot(1).send(5, lost.steps.slice(1), { on }).ok();
    wire.wait(60);
    session.slot(0).exchange(6, 8, [], { on });
    on.destroySession(session.id).ok();
  });

  only([], "the capture begins in the middle and loses messages", (wire) => {
    const session = wire.adopted();
    session.slot(3).exchange(100, 103);
    session.slot(3).send(104, undefined, { lost: true }).ok();
    session.slot(3).send(105).ok([], { lost: true });
    session.slot(2).exchange(7, 9);
    session.slot(3).exchange(106, 108);
  });
});
