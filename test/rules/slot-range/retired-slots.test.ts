import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario, type Sent, type Session } from "../../support/scenario.ts";

const BADSLOT = 10053;
const BAD_HIGH_SLOT = 10077;
const RETRY_UNCACHED_REP = 10068;

interface Shrunk {
  session: Session;
  /** Slot 3 seq 2, answered on a connection that was then lost. */
  original: Sent;
  answered: number;
}

/** A request on slot 3, answered; the table shrinks to two slots; its connection is lost. */
function shrunk(wire: Scenario, highest = 3): Shrunk {
  const session = wire.session({ slots: 4 });
  const other = wire.connect();
  for (const slot of [1, 2, 3]) session.slot(slot).exchange(1);
  const original = session.slot(3).send(2, [op.putfh()], { on: other });
  const answered = original.ok();
  session.slot(0).send(1, undefined, { highest }).ok([], { highest: 1 });
  session.slot(0).send(2, undefined, { highest }).ok([], { highest: 1 });
  other.close("rst");
  return { session, original, answered };
}

bad("retry-refused-after-shrink", "BADSLOT, though the client still names the slot as in use", (wire) => {
  const { session, original, answered } = shrunk(wire);
  const retry = session.slot(3).send(2, [op.putfh()]);
  return {
    severity: "warning",
    fault: "server",
    frames: [original.frame, answered, retry.frame, retry.fail(BADSLOT)],
    slot: 3,
    seq: 2,
  };
});

bad("retry-refused-after-shrink", "BAD_HIGH_SLOT is never right for a retry above the limit", (wire) => {
  const { session, original, answered } = shrunk(wire, 1);
  const retry = session.slot(3).send(2, [op.putfh()]);
  return { severity: "error", frames: [original.frame, answered, retry.frame, retry.fail(BAD_HIGH_SLOT)], slot: 3 };
});

good("retry-refused-after-shrink", "the client had said that it needs no slot above the limit", (wire) => {
  const { session } = shrunk(wire, 1);
  session.slot(3).send(2, [op.putfh()]).fail(BADSLOT);
});

good("retry-refused-after-shrink", "the reply was not kept", (wire) => {
  const { session } = shrunk(wire);
  session.slot(3).send(2, [op.putfh()]).ok([0, RETRY_UNCACHED_REP], { highest: 1 });
});

good("retry-refused-after-shrink", "a new request", (wire) => {
  const { session } = shrunk(wire);
  session.slot(3).send(3, [op.putfh()]).fail(BADSLOT);
});

good("retry-refused-after-shrink", "whether the server had the original nobody knows", (wire) => {
  const session = wire.session({ slots: 4 });
  const other = wire.connect();
  for (const slot of [1, 2, 3]) session.slot(slot).exchange(1);
  session.slot(3).send(2, [op.putfh()], { on: other });
  session.slot(0).send(1, undefined, { highest: 3 }).ok([], { highest: 1 });
  other.close("rst");
  session.slot(3).send(2, [op.putfh()]).fail(BADSLOT);
});

/** Slot 3 at seq 1, the table lowered to two slots, seq 2 refused with BADSLOT; frames of that. */
function refused(wire: Scenario): { session: Session; frames: number[] } {
  const session = wire.session({ slots: 4 });
  for (const slot of [1, 2, 3]) session.slot(slot).exchange(1);
  session.slot(3).exchange(2);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 1 });
  const call = session.slot(3).send(3);
  return { session, frames: [call.frame, call.fail(BADSLOT)] };
}

bad("badslot-not-retired", "the same sequence id is accepted after all", (wire) => {
  const { session, frames } = refused(wire);
  const again = session.slot(3).send(3);
  return {
    severity: "error",
    fault: "server",
    frames: [...frames, again.frame, again.ok([], { highest: 1 })],
    slot: 3,
    seq: 3,
  };
});

bad("badslot-not-retired", "the request before it is answered from the cache", (wire) => {
  const { session, frames } = refused(wire);
  const again = session.slot(3).send(2);
  return { frames: [...frames, again.frame, again.ok([], { highest: 1 })], slot: 3, seq: 2 };
});

good("badslot-not-retired", "the slot was granted again in between", (wire) => {
  const { session } = refused(wire);
  session.slot(0).send(3).ok([], { highest: 3 });
  session.slot(3).send(3).ok();
});

good("badslot-not-retired", "it is refused again", (wire) => {
  const { session } = refused(wire);
  session.slot(3).send(3).fail(BADSLOT);
});

good("badslot-not-retired", "the reply itself grants the slot again", (wire) => {
  const { session } = refused(wire);
  session.slot(3).send(3).ok([], { highest: 3 });
});

bad("slot-regrant-seq", "a slot that comes back starts anew", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(3).exchange(1, 5);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  const call = session.slot(3).send(1);
  call.ok();
  session.slot(3).exchange(2, 3);
  return { severity: "note", fault: "client", frames: [call.frame], slot: null, occurrences: 1 };
});

bad("slot-regrant-seq", "or goes on, told once a session", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(2).exchange(1, 5);
  session.slot(3).exchange(1, 5);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  const call = session.slot(3).send(6);
  call.ok();
  session.slot(2).exchange(6);
  return { frames: [call.frame], occurrences: 1 };
});

good("slot-regrant-seq", "a slot that was never taken away", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(1).exchange(1, 5);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(1).exchange(6);
});

good("slot-regrant-seq", "a slot that was never used before", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(3).exchange(1, 2);
});

bad("slots-zero", "no slot at all was granted", (wire) => {
  const session = wire.session({ slots: 4, foreGranted: { maxRequests: 0 } });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [session.creation.call, session.creation.reply],
  };
});

good("slots-zero", "one slot", (wire) => {
  wire
    .session({ slots: 4, foreGranted: { maxRequests: 1 } })
    .slot(0)
    .exchange(1);
});

good("slots-zero", "none on the back channel", (wire) => {
  wire
    .session({ slots: 4, backGranted: { maxRequests: 0 } })
    .slot(0)
    .exchange(1);
});

only([], "a slot that comes back with the same request of another user, after its connection was lost", (wire) => {
  const session = wire.session({ slots: 4 });
  const other = wire.connect();
  session.slot(3).send(1, [op.putfh()], { on: other, uid: 1000 }).ok();
  session.slot(0).send(1, undefined, { highest: 1 }).ok([], { highest: 3, target: 1 });
  session.slot(0).send(2, undefined, { highest: 1 }).ok([], { highest: 1 });
  other.close("rst");
  session.slot(0).send(3).ok([], { highest: 3 });
  session.slot(3).send(1, [op.putfh()], { uid: 2000 }).ok();
  session.slot(3).exchange(2, 4);
});
