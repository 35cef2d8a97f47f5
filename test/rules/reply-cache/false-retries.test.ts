import { NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_FALSE_RETRY } from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Sent } from "../../support/scenario.ts";
import { resultOf } from "../../support/scenario-operations.ts";

/** Answers with the results that another call got. */
function answerAs(call: Sent, other: Sent): number {
  return call.results(
    0,
    other.steps.map((step) => resultOf(step)),
  );
}

bad("false-retry-executed", "the second request's own operations are answered", (wire) => {
  const slot = wire.session().slot(1);
  const first = slot.send(1, [op.putrootfh(), op.getattr()]);
  const reply = first.ok();
  const second = slot.send(1, [op.putfh(), op.remove()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [first.frame, reply, second.frame, second.ok()],
    slot: 1,
    seq: 1,
  };
});

good("false-retry-executed", "it is refused", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.putrootfh(), op.getattr()]);
  slot.send(1, [op.putfh(), op.remove()]).fail(NFS4ERR_SEQ_FALSE_RETRY);
});

good("false-retry-executed", "its second operation is refused", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, [op.putrootfh(), op.getattr()]);
  slot.send(1, [op.putfh(), op.remove()]).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
});

good("false-retry-executed", "it gets the first one's reply", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, [op.putrootfh(), op.getattr()]);
  first.ok();
  answerAs(slot.send(1, [op.putrootfh(), op.access()]), first);
});

bad("false-retry-user-not-caught", "the reply of another user", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, undefined, { uid: 1000 });
  const reply = first.ok();
  const second = slot.send(1, undefined, { uid: 1001 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [first.frame, reply, second.frame, second.ok()],
    slot: 0,
    seq: 1,
  };
});

bad("false-retry-user-not-caught", "root may be squashed to that very user", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, undefined, { uid: 1000 }).ok();
  slot.send(1, undefined, { uid: 0 }).ok();
  return { severity: "error", confidence: "possible" };
});

good("false-retry-user-not-caught", "it is refused", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, undefined, { uid: 1000 }).ok();
  slot.send(1, undefined, { uid: 1001 }).fail(NFS4ERR_SEQ_FALSE_RETRY);
});

good("false-retry-user-not-caught", "the same user", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, undefined, { uid: 1000 }).ok();
  slot.send(1, undefined, { uid: 1000 }).ok();
});

bad("false-retry-undetected", "another request gets the reply to the first", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, [op.putrootfh(), op.getattr()]);
  const reply = first.ok();
  const second = slot.send(1, [op.putrootfh(), op.access()]);
  return {
    severity: "note",
    confidence: "certain",
    fault: "server",
    frames: [first.frame, reply, second.frame, answerAs(second, first)],
    slot: 0,
    seq: 1,
  };
});

good("false-retry-undetected", "the same request", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.exchange(1);
});
