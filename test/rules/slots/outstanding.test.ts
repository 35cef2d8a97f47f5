import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const MISORDERED = 10063;

bad("slot-reuse-while-outstanding", "the next request before the reply", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  const early = slot.send(3);
  const reply = first.ok();
  early.ok();
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, early.frame, reply],
    slot: 0,
    seq: 3,
  };
});

bad("slot-reuse-while-outstanding", "several in a row, none answered at first", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const calls = [2, 3, 4].map((seq) => slot.send(seq));
  for (const call of calls) call.ok();
  return { seq: 3, occurrences: 2 };
});

bad("slot-reuse-while-outstanding", "never answered at all", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  const early = slot.send(3, [op.putfh(), op.access()]);
  early.fail(MISORDERED);
  return { frames: [first.frame, early.frame], seq: 3 };
});

bad("slot-reuse-while-outstanding", "on another connection, and the first still answers", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  wire.wait(1);
  const early = session.slot(0).send(2, undefined, { on: wire.connect() });
  early.ok();
  session.slot(1).exchange(1);
  return { frames: [first.frame, early.frame], confidence: "certain" };
});

good(
  "slot-reuse-while-outstanding",
  "the last reply of a connection that is never heard of again may be lost",
  (wire) => {
    const session = wire.session();
    session.slot(0).send(1).ok([], { lost: true });
    wire.wait(1);
    session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
  },
);

good("slot-reuse-while-outstanding", "the RST acknowledges a reply that the capture lost", (wire) => {
  const session = wire.session();
  session.slot(0).send(1).ok([], { lost: true });
  session.connection.close("rst");
  session.slot(0).send(2, undefined, { on: wire.connect() }).ok();
});

good("slot-reuse-while-outstanding", "several slots at once", (wire) => {
  const session = wire.session();
  const calls = [0, 1, 2].map((slot) => session.slot(slot).send(1));
  for (const call of calls) call.ok();
});

good("slot-reuse-while-outstanding", "reply and next request cross between capture point and client", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  wire.pace(20e-6);
  const next = slot.send(3);
  first.ok();
  next.ok();
});

good("slot-reuse-while-outstanding", "the retry was answered, the original never", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  wire.wait(30);
  const on = wire.connect();
  session.slot(0).send(2, undefined, { on }).ok();
  session.slot(0).send(3, undefined, { on }).ok();
});

good("slot-reuse-while-outstanding", "the capture missed the reply", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2).ok([], { lost: true });
  session.slot(1).exchange(1);
  session.slot(0).exchange(3);
});

good("slot-reuse-while-outstanding", "no reply was ever captured", (wire) => {
  const slot = wire.adopted().slot(0);
  for (const seq of [5, 6, 7]) slot.send(seq);
});

bad("slot-abandoned-after-disconnect", "the next sequence id instead of a retry", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const lost = session.slot(0).send(2);
  const ended = session.connection.close("rst");
  const next = session.slot(0).send(3, undefined, { on: wire.connect() });
  return {
    severity: "error",
    confidence: "likely",
    fault: "client",
    frames: [lost.frame, ended, next.frame, next.ok()],
    slot: 0,
    seq: 3,
  };
});

bad("slot-abandoned-after-disconnect", "the server never got the lost one", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("fin");
  session.slot(0).send(3, undefined, { on: wire.connect() }).fail(MISORDERED);
  return { seq: 3 };
});

good("slot-abandoned-after-disconnect", "a capture with losses may have lost the last reply", (wire) => {
  const session = wire.session();
  session.slot(1).send(1, undefined, { lost: true }).ok();
  session.slot(1).exchange(2, 3);
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("rst");
  session.slot(0).exchange(3, 3, undefined, { on: wire.connect() });
});

good("slot-abandoned-after-disconnect", "retried, then the next", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("rst");
  const on = wire.connect();
  session.slot(0).exchange(2, 3, undefined, { on });
});

good("slot-abandoned-after-disconnect", "answered before the connection ended", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 2);
  session.connection.close("rst");
  session.slot(0).exchange(3, 3, undefined, { on: wire.connect() });
});

bad("conn-lost-not-retried", "the session goes on for a minute, the slot does not", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(1).exchange(1);
  const lost = session.slot(1).send(2, [op.putfh(), op.remove()]);
  const ended = session.connection.close("rst");
  const on = wire.connect();
  for (let seq = 2; seq < 8; seq++) {
    wire.wait(10);
    session.slot(0).exchange(seq, seq, undefined, { on });
  }
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [lost.frame, ended],
    slot: 1,
    seq: 2,
  };
});

good("conn-lost-not-retried", "retried at once", (wire) => {
  const session = wire.session();
  session.slot(1).send(1);
  session.connection.close("rst");
  const on = wire.connect();
  session.slot(1).exchange(1, 1, undefined, { on });
  wire.wait(60);
  session.slot(0).exchange(1, 1, undefined, { on });
});

good("conn-lost-not-retried", "the capture ends too soon to tell", (wire) => {
  const session = wire.session();
  session.slot(1).send(1);
  session.connection.close("rst");
  wire.wait(20);
  session.slot(0).exchange(1, 1, undefined, { on: wire.connect() });
});

good("conn-lost-not-retried", "the session was destroyed", (wire) => {
  const session = wire.session();
  session.slot(1).send(1);
  session.connection.close("rst");
  const on = wire.connect();
  wire.wait(60);
  session.slot(0).exchange(1, 1, undefined, { on });
  on.destroySession(session.id).ok();
});

bad("interrupted-slot-recovery", "lone SEQUENCEs find out where the slot stands", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 4);
  const interrupted = slot.send(5, [op.putfh(), op.read()]);
  slot.send(6, [op.putfh(), op.read()]).fail(MISORDERED);
  const probe = slot.send(5, []);
  const refused = probe.fail(MISORDERED);
  slot.send(4, []).ok();
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [interrupted.frame, probe.frame, refused],
    slot: 0,
    seq: 5,
    occurrences: 2,
  };
});

good("interrupted-slot-recovery", "a lone SEQUENCE on a healthy slot renews the lease", (wire) => {
  wire.session().slot(0).exchange(1, 4, []);
});

good("interrupted-slot-recovery", "over once a probe was accepted", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 4);
  slot.send(5, [op.putfh(), op.read()]).ok();
  slot.send(7, []).fail(MISORDERED);
  slot.exchange(6, 8, []);
});

bad("out-of-order-reply-on-slot", "the server ran both", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  const early = slot.send(3);
  const reply = early.ok();
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, early.frame, reply, first.ok()],
    slot: 0,
    seq: 2,
  };
});

good("out-of-order-reply-on-slot", "replies of two slots in any order", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  session.slot(1).exchange(1);
  first.ok();
});

good("out-of-order-reply-on-slot", "the late one answers a copy of a request that was retried", (wire) => {
  const session = wire.session();
  const other = wire.connect();
  session.slot(0).exchange(1);
  const first = session.slot(0).send(2);
  wire.wait(30);
  session.slot(0).exchange(2, 3, undefined, { on: other });
  first.ok();
});

good("out-of-order-reply-on-slot", "the server refused the early one", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const first = slot.send(2);
  slot.send(3).fail(MISORDERED);
  first.ok();
});
