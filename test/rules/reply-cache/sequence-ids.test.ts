import { describe, expect, test } from "vitest";
import {
  NFS4ERR_BADSLOT,
  NFS4ERR_DELAY,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_TOO_MANY_OPS,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, scenario } from "../../support/scenario.ts";

bad("server-accepted-misordered", "four ahead, and no time for three requests in between", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1);
  const before = slot.send(2);
  before.ok();
  const call = slot.send(6);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [before.frame, call.frame, call.ok()],
    slot: 2,
    seq: 6,
  };
});

bad("server-accepted-misordered", "one jump with time enough, but the only one", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  wire.wait(5);
  slot.exchange(4, 6);
  return { severity: "error", confidence: "certain", seq: 4 };
});

bad("server-accepted-misordered", "an old sequence id", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  const last = slot.send(3);
  last.ok();
  const call = slot.send(1, [op.putrootfh()]);
  return { severity: "error", confidence: "certain", frames: [last.frame, call.frame, call.ok()], slot: 0, seq: 1 };
});

good("server-accepted-misordered", "the jump is refused", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  slot.send(6).fail(NFS4ERR_SEQ_MISORDERED);
});

good("server-accepted-misordered", "the requests in between are missing from the capture", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  slot.send(3, undefined, { lost: true }).ok([], { lost: true });
  slot.exchange(4, 5);
});

good("server-accepted-misordered", "the request before was never answered and may not have arrived", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("rst");
  const on = wire.connect();
  session.slot(0).exchange(1, 1, undefined, { on });
});

good("server-accepted-misordered", "the slot was taken away and granted again", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 4);
  slot.send(5).fail(NFS4ERR_BADSLOT);
  slot.exchange(1, 2);
});

good("server-accepted-misordered", "the sequence id wraps through zero", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(0xffff_fffb, 0xffff_ffff);
  slot.exchange(0, 2);
});

describe("an accepted jump has one explanation", () => {
  const CAUSES = ["capture-missed-requests", "server-accepted-misordered", "seq-error-moved-slot"];
  const found = (story: (wire: Scenario) => void) => {
    const wire = scenario();
    story(wire);
    return wire.rules().filter((rule) => CAUSES.includes(rule));
  };

  test.each<[string, string, (wire: Scenario) => void]>([
    [
      "a hole",
      "capture-missed-requests",
      (wire) => {
        const slot = wire.session().slot(0);
        slot.exchange(1);
        slot.send(2, undefined, { lost: true }).ok([], { lost: true });
        slot.exchange(3);
      },
    ],
    [
      "a session that was not seen from its beginning",
      "capture-missed-requests",
      (wire) => {
        const slot = wire.adopted().slot(0);
        slot.exchange(10, 14);
        wire.wait(1);
        slot.exchange(17);
      },
    ],
    [
      "many jumps, all with time enough",
      "capture-missed-requests",
      (wire) => {
        const session = wire.session();
        for (const [id, seq] of [3, 5, 4].entries()) {
          wire.wait(1);
          session.slot(id).exchange(seq);
        }
      },
    ],
    [
      "nothing",
      "server-accepted-misordered",
      (wire) => {
        const slot = wire.session().slot(0);
        slot.exchange(1);
        slot.exchange(9);
      },
    ],
    [
      "a refusal before",
      "seq-error-moved-slot",
      (wire) => {
        const slot = wire.session().slot(0);
        slot.exchange(1);
        slot.send(2).fail(NFS4ERR_TOO_MANY_OPS);
        slot.exchange(3);
      },
    ],
  ])("%s: %s", (_, rule, story) => {
    expect(new Set(found(story))).toEqual(new Set([rule]));
  });
});

bad("server-rejected-valid", "the next sequence id is called misordered", (wire) => {
  const slot = wire.session().slot(1);
  const before = slot.send(1);
  const answered = before.ok();
  const call = slot.send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [before.frame, answered, call.frame, call.fail(NFS4ERR_SEQ_MISORDERED)],
    slot: 1,
    seq: 2,
  };
});

bad("server-rejected-valid", "the first request on a slot is called a false retry", (wire) => {
  const call = wire.session().slot(0).send(1);
  return { severity: "error", frames: [call.frame, call.fail(NFS4ERR_SEQ_FALSE_RETRY)], slot: 0, seq: 1 };
});

good("server-rejected-valid", "the request before is unanswered", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const running = slot.send(2);
  slot.send(3).fail(NFS4ERR_SEQ_MISORDERED);
  running.ok();
});

good("server-rejected-valid", "a hole hides what came before", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2, undefined, { lost: true }).ok([], { lost: true });
  slot.send(2).fail(NFS4ERR_SEQ_MISORDERED);
});

good("server-rejected-valid", "it is put off", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(NFS4ERR_DELAY);
  slot.exchange(2);
});

bad("seq-error-moved-slot", "the request behind the refused one is accepted", (wire) => {
  const slot = wire.session().slot(3);
  slot.exchange(1);
  const refused = slot.send(2);
  const refusal = refused.fail(NFS4ERR_TOO_MANY_OPS);
  const call = slot.send(3);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [refused.frame, refusal, call.frame, call.ok()],
    slot: 3,
    seq: 3,
  };
});

bad("seq-error-moved-slot", "the fresh attempt is called a false retry", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(NFS4ERR_TOO_MANY_OPS);
  slot.send(2, [op.putrootfh()]).fail(NFS4ERR_SEQ_FALSE_RETRY);
  expect(wire.of("server-rejected-valid")).toEqual([]);
  return { severity: "error", confidence: "certain", seq: 2 };
});

bad("seq-error-moved-slot", "the fresh attempt is called uncached", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(NFS4ERR_TOO_MANY_OPS);
  slot.send(2, [op.putrootfh()]).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
  return { severity: "error", confidence: "certain", seq: 2 };
});

good("seq-error-moved-slot", "the refused sequence id is used again, then the next", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(NFS4ERR_TOO_MANY_OPS);
  slot.exchange(2, 3);
});

good("seq-error-moved-slot", "a retry of a running request is put off", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  const running = slot.send(2);
  slot.send(2).fail(NFS4ERR_DELAY);
  running.ok();
  slot.exchange(3);
});

good("seq-error-moved-slot", "BADSLOT takes the slot away", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(2).fail(NFS4ERR_BADSLOT);
  slot.exchange(3);
});

good("server-accepted-misordered", "an interface that is behind records two calls in the wrong order", (wire) => {
  const session = wire.session();
  const other = wire.connect();
  session.slot(0).exchange(1, 4);
  other.tcp.holdNext();
  const held = session.slot(0).send(5, undefined, { on: other });
  const next = session.slot(0).send(6);
  other.tcp.release();
  held.ok();
  next.ok();
  session.slot(0).exchange(7, 9);
});
