import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

const BADSLOT = 10053;
const NOTSUPP = 10004;

/** A session with four used slots, and CB_RECALL_SLOT answered with `status`; frames of the callback and its reply. */
function recalled(wire: Scenario, target: number, status = 0): { session: Session; call: number; reply: number } {
  const session = wire.session({ slots: 4, flags: 2 });
  for (const slot of [0, 1, 2, 3]) session.slot(slot).exchange(1);
  const recall = op.step("CB_RECALL_SLOT", { rsa_target_highest_slotid: target });
  const callback = session.connection.callback([session.callbackSequence(0, 1), recall]);
  return { session, call: callback.frame, reply: callback.ok([0, status]) };
}

/** A lone SEQUENCE that names the target, and a reply that names it too. */
function comeDown(session: Session, target: number, seq = 2): void {
  session.slot(0).send(seq, [], { highest: target }).ok([], { highest: target });
}

bad("recall-slot-ignored", "40 seconds after it agreed to two slots it uses the last of four", (wire) => {
  const { session, call, reply } = recalled(wire, 1);
  wire.wait(40);
  session.slot(0).send(2, [], { highest: 3 }).ok([], { highest: 3, target: 1 });
  const ignoring = session.slot(3).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [call, reply, ignoring.frame, ignoring.fail(BADSLOT)],
    slot: 3,
    seq: 2,
  };
});

bad("recall-slot-ignored", "a short lease shortens the patience", (wire) => {
  const { session } = recalled(wire, 1);
  session
    .slot(0)
    .send(2, [op.putrootfh(), op.leaseTime(15)])
    .ok([], { highest: 3, target: 1 });
  wire.wait(11);
  session.slot(2).send(2).ok([], { highest: 3, target: 1 });
  return { slot: 2, seq: 2 };
});

good("recall-slot-ignored", "a late request", (wire) => {
  const { session } = recalled(wire, 1);
  wire.wait(20);
  session.slot(3).send(2).ok([], { highest: 3, target: 1 });
});

good("recall-slot-ignored", "a slot below the target", (wire) => {
  const { session } = recalled(wire, 1);
  wire.wait(40);
  session.slot(1).send(2).ok([], { highest: 1 });
});

good("recall-slot-ignored", "the client did not agree", (wire) => {
  const { session } = recalled(wire, 1, NOTSUPP);
  wire.wait(40);
  session.slot(3).send(2).ok([], { highest: 3, target: 1 });
});

good("recall-slot-ignored", "a reply wished for more again", (wire) => {
  const { session } = recalled(wire, 1);
  comeDown(session, 1);
  session.slot(0).send(3).ok([], { highest: 3, target: 3 });
  wire.wait(40);
  session.slot(3).send(2).ok();
});

bad("recall-slot-not-confirmed", "the client agreed, and goes on naming the last slot", (wire) => {
  const { session, call, reply } = recalled(wire, 1);
  for (let seq = 2; seq < 14; seq++) {
    wire.wait(1);
    session.slot(0).send(seq, undefined, { highest: 3 }).ok([], { highest: 3, target: 1 });
  }
  return { severity: "note", confidence: "certain", fault: "client", frames: [call, reply], slot: null };
});

bad("recall-slot-not-confirmed", "the mount fell idle, and the client said nothing", (wire) => {
  const { session, call, reply } = recalled(wire, 1);
  wire.wait(30);
  session.slot(0).send(2, [], { highest: 3 }).ok([], { highest: 3, target: 1 });
  return { frames: [call, reply] };
});

good("recall-slot-not-confirmed", "a lone SEQUENCE says that it is done", (wire) => {
  const { session } = recalled(wire, 1);
  comeDown(session, 1);
  wire.wait(30);
  comeDown(session, 1, 3);
});

good("recall-slot-not-confirmed", "a slot above the target is in use for long", (wire) => {
  const { session } = recalled(wire, 1);
  const long = session.slot(3).send(2);
  for (let seq = 2; seq < 30; seq++) {
    wire.wait(1);
    session.slot(0).send(seq, undefined, { highest: 3 }).ok([], { highest: 3, target: 1 });
  }
  long.ok([], { highest: 3, target: 1 });
  session.slot(0).send(30, [], { highest: 1 }).ok([], { highest: 1 });
});

good("recall-slot-not-confirmed", "the capture ends too early to tell", (wire) => {
  const { session } = recalled(wire, 1);
  wire.wait(8);
  session.slot(0).send(2, [], { highest: 3 }).ok([], { highest: 3, target: 1 });
});

good("recall-slot-not-confirmed", "the session went away", (wire) => {
  const { session } = recalled(wire, 1);
  session.connection.destroySession(session.id).ok();
  wire.wait(30);
  session.connection.exchangeId();
});

only(["recall-slot-ignored"], "a recall that replies repeat is told once", (wire) => {
  const { session } = recalled(wire, 1);
  for (let seq = 2; seq < 14; seq++) {
    wire.wait(4);
    session.slot(0).send(seq).ok([], { highest: 3, target: 1 });
  }
  session.slot(3).send(2).ok([], { highest: 3, target: 1 });
});
