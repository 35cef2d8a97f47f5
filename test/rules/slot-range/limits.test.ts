import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

const BADSLOT = 10053;
const BAD_HIGH_SLOT = 10077;
const DELAY = 10008;

/** One exchange on each of the slots 1 to 3. */
function useAll(session: Session): void {
  for (const slot of [1, 2, 3]) session.slot(slot).exchange(1);
}

/** Replies on slot 0 with these limits, and time for the client to follow; the frame of the first one. */
function lowered(
  wire: Scenario,
  session: Session,
  limits: { highest: number; target?: number },
  { replies = 3, first = 1 } = {},
): number {
  let frame = 0;
  for (let seq = first; seq < first + replies; seq++) {
    const told = session.slot(0).send(seq).ok([], limits);
    if (seq === first) frame = told;
  }
  wire.wait(0.2);
  return frame;
}

bad("slot-beyond-enforced", "the table shrank to two slots, the client goes on using four", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const told = lowered(wire, session, { highest: 1 });
  const call = session.slot(3).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [told, call.frame, call.fail(BADSLOT)],
    slot: 3,
    seq: 2,
  };
});

bad("slot-beyond-enforced", "a server that serves it all the same does not make it right", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const told = lowered(wire, session, { highest: 1 });
  const call = session.slot(2).send(2);
  return { frames: [told, call.frame, call.ok([], { highest: 1 })], slot: 2 };
});

bad("slot-beyond-enforced", "the server never named as many slots as it had granted", (wire) => {
  const session = wire.session({ slots: 8 });
  const told = lowered(wire, session, { highest: 5 });
  const call = session.slot(7).send(1);
  return { frames: [told, call.frame, call.fail(BADSLOT)], slot: 7 };
});

good("slot-beyond-enforced", "the highest slot that is left", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 1 });
  session.slot(1).send(2).ok([], { highest: 1 });
});

good("slot-beyond-enforced", "sent before the news can have had an effect", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 3 });
  session.slot(0).send(4).ok([], { highest: 1 });
  session.slot(0).send(5).ok([], { highest: 1 });
  session.slot(3).send(2).fail(BADSLOT);
});

good("slot-beyond-enforced", "nothing shows that the client has had one of the replies", (wire) => {
  const session = wire.session({ slots: 4 });
  for (const slot of [0, 1, 2, 3]) session.slot(slot).exchange(1);
  const calls = [0, 1].map((slot) => session.slot(slot).send(2));
  for (const call of calls) call.ok([], { highest: 1 });
  wire.wait(0.2);
  session.slot(3).send(2).fail(BADSLOT);
});

good(
  "slot-beyond-enforced",
  "the request was put off before the limit came down, and comes again as it must",
  (wire) => {
    const session = wire.session({ slots: 4 });
    useAll(session);
    session.slot(3).send(2).fail(DELAY);
    lowered(wire, session, { highest: 1 });
    session.slot(3).send(2).ok([], { highest: 1 });
  },
);

good("slot-beyond-enforced", "a retry may use the old slot", (wire) => {
  const session = wire.session({ slots: 4 });
  const { connection } = session;
  const other = wire.connect();
  useAll(session);
  session.slot(3).send(2, [op.putfh()], { on: other });
  lowered(wire, session, { highest: 1 });
  other.close("rst");
  session.slot(3).send(2, [op.putfh()], { on: connection }).ok([], { highest: 1 });
});

good("slot-beyond-enforced", "the table shrank and grew again", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 1 });
  lowered(wire, session, { highest: 3 }, { first: 4, replies: 1 });
  session.slot(3).send(2).ok();
  session.slot(2).send(1).ok();
});

good("slot-beyond-enforced", "the server repeats what each request named", (wire) => {
  const session = wire.session({ slots: 4 });
  for (let seq = 1; seq < 5; seq++) session.slot(0).send(seq).ok([], { highest: 0, target: 3 });
  wire.wait(0.2);
  session.slot(1).send(1).ok([], { highest: 1, target: 3 });
});

good("slot-beyond-enforced", "the server does not fill the limits in", (wire) => {
  const session = wire.session({ slots: 4 });
  for (let seq = 1; seq < 5; seq++) session.slot(0).send(seq).ok([], { highest: 0 });
  wire.wait(0.2);
  session.slot(1).send(1).ok([], { highest: 0 });
});

good("slot-beyond-enforced", "bytes are missing that may have given the slot back", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 1 });
  session.slot(0).send(4).ok([], { highest: 3, lost: true });
  session.slot(1).exchange(2);
  session.slot(3).send(2).ok([], { highest: 1 });
});

only(["slot-beyond-enforced"], "a target that comes down too is not told apart", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 3, target: 1 }, { replies: 1 });
  lowered(wire, session, { highest: 1 }, { first: 2, replies: 12 });
  session.slot(3).send(2).fail(BADSLOT);
});

bad("client-ignores-target-highest-slotid", "ten replies ask for two slots, four are used", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const told = lowered(wire, session, { highest: 3, target: 1 }, { replies: 10 });
  const call = session.slot(3).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [told, call.frame, call.ok([], { highest: 3, target: 1 })],
    slot: 3,
    seq: 2,
  };
});

bad("client-ignores-target-highest-slotid", "it names a slot above the target that it does not use", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const told = lowered(wire, session, { highest: 3, target: 1 }, { replies: 10 });
  wire.wait(1);
  const call = session.slot(0).send(11, undefined, { highest: 3 });
  return { frames: [told, call.frame, call.ok([], { highest: 3, target: 1 })], slot: 0 };
});

good("client-ignores-target-highest-slotid", "a late request after few replies", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 3, target: 1 }, { replies: 7 });
  session.slot(3).send(2).ok([], { highest: 3, target: 1 });
});

good("client-ignores-target-highest-slotid", "a request above the target runs for long and has to be named", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const long = session.slot(3).send(2);
  for (let seq = 1; seq <= 10; seq++)
    session.slot(0).send(seq, undefined, { highest: 3 }).ok([], { highest: 3, target: 1 });
  wire.wait(0.2);
  session.slot(1).send(2, undefined, { highest: 3 }).ok([], { highest: 3, target: 1 });
  long.ok([], { highest: 3, target: 1 });
});

good("client-ignores-target-highest-slotid", "the target rose again", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 3, target: 1 }, { replies: 10 });
  lowered(wire, session, { highest: 3, target: 3 }, { first: 11, replies: 1 });
  session.slot(3).send(2).ok();
});

bad("bad-high-slot", "the limit came down and the client goes on naming the last slot", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const told = lowered(wire, session, { highest: 1 });
  wire.wait(1);
  const call = session.slot(0).send(4, undefined, { highest: 3 });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [told, call.frame, call.fail(BAD_HIGH_SLOT)],
    slot: 0,
    seq: 4,
  };
});

good("bad-high-slot", "a request on the last slot is still running", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const long = session.slot(3).send(2);
  for (let seq = 1; seq <= 3; seq++) session.slot(0).send(seq, undefined, { highest: 3 }).ok([], { highest: 1 });
  wire.wait(0.2);
  session.slot(0).send(4, undefined, { highest: 3 }).ok([], { highest: 1 });
  long.ok([], { highest: 1 });
});

good("bad-high-slot", "the last slot was answered just before, perhaps far from here", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  const long = session.slot(3).send(2);
  for (let seq = 1; seq <= 3; seq++) session.slot(0).send(seq, undefined, { highest: 3 }).ok([], { highest: 1 });
  wire.wait(0.2);
  long.ok([], { highest: 1 });
  wire.wait(0.2);
  session.slot(0).send(4, undefined, { highest: 3 }).ok([], { highest: 1 });
});

good("bad-high-slot", "the client names what it is allowed", (wire) => {
  const session = wire.session({ slots: 4 });
  useAll(session);
  lowered(wire, session, { highest: 1 });
  session.slot(0).send(4, undefined, { highest: 1 }).ok([], { highest: 1 });
});

good("bad-high-slot", "what is in use is not known of a session that was there before the capture", (wire) => {
  const session = wire.adopted();
  for (let seq = 5; seq < 9; seq++) session.slot(0).send(seq).ok([], { highest: 3 });
  for (let seq = 9; seq < 12; seq++) session.slot(0).send(seq).ok([], { highest: 1 });
  wire.wait(0.2);
  session.slot(0).send(12, undefined, { highest: 3 }).ok([], { highest: 1 });
});
