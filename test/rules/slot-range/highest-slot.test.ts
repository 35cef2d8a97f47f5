import { bad, good } from "../../support/rule-stories.ts";
import { op, type Session } from "../../support/scenario.ts";

/** A request that runs for long on slot 3, and another one on slot 0 meanwhile that leaves it out. */
function leaveOut(session: Session, seq: number, highest = 0): { long: number; short: number } {
  const { scenario } = session.connection;
  const long = session.slot(3).send(seq);
  scenario.wait(0.3);
  const short = session.slot(0).send(seq, undefined, { highest });
  short.ok();
  long.ok();
  return { long: long.frame, short: short.frame };
}

bad("highest-slotid-below-slotid", "0 is named on slot 2", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  const call = session.slot(2).send(1, undefined, { highest: 0 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok()],
    slot: 2,
    seq: 1,
  };
});

bad("highest-slotid-below-slotid", "no answer was seen", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  const call = session.slot(1).send(1, undefined, { highest: 0 });
  return { frames: [call.frame], slot: 1 };
});

good("highest-slotid-below-slotid", "its own slot, or a higher one", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(2).send(1, undefined, { highest: 2 }).ok();
  session.slot(2).send(2, undefined, { highest: 3 }).ok();
});

bad("highest-slotid-understated", "slot 3 waits for its reply and is left out, three times", (wire) => {
  const session = wire.session({ slots: 4 });
  leaveOut(session, 1);
  leaveOut(session, 2);
  const { long, short } = leaveOut(session, 3);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [long, short],
    slot: 0,
    seq: 3,
    occurrences: 1,
  };
});

good("highest-slotid-understated", "twice is not often", (wire) => {
  const session = wire.session({ slots: 4 });
  leaveOut(session, 1);
  leaveOut(session, 2);
});

good("highest-slotid-understated", "one request that the client has given up, left out again and again", (wire) => {
  const session = wire.session({ slots: 4 });
  const long = session.slot(3).send(1);
  wire.wait(0.3);
  for (let seq = 1; seq < 9; seq++) session.slot(0).send(seq, undefined, { highest: 0 }).ok();
  long.ok();
});

good("highest-slotid-understated", "the highest slot that waits is named", (wire) => {
  const session = wire.session({ slots: 4 });
  for (let seq = 1; seq < 5; seq++) leaveOut(session, seq, 3);
});

good("highest-slotid-understated", "the other request was sent just before", (wire) => {
  const session = wire.session({ slots: 4 });
  for (let seq = 1; seq < 5; seq++) {
    const other = session.slot(3).send(seq);
    session.slot(0).send(seq, undefined, { highest: 0 }).ok();
    other.ok();
  }
});

good("highest-slotid-understated", "the other request was lost with its connection", (wire) => {
  const session = wire.session({ slots: 4 });
  for (let seq = 1; seq < 5; seq++) {
    const other = wire.connect();
    const long = session.slot(3).send(seq, [op.putfh()], { on: other });
    wire.wait(0.3);
    other.close("rst");
    session.slot(0).send(seq, undefined, { highest: 0 }).ok();
    session.slot(3).send(seq, [op.putfh()], { xid: long.xid }).ok();
  }
});

bad("highest-slotid-overstated", "slot 0 alone is used, and all 64 are named each time", (wire) => {
  const session = wire.session({ slots: 64 });
  const first = session.slot(0).send(1, undefined, { highest: 63 });
  first.ok();
  wire.wait(2);
  for (let seq = 2; seq < 32; seq++) session.slot(0).send(seq, undefined, { highest: 63 }).ok();
  const last = session.slot(0).send(32, undefined, { highest: 63 });
  last.ok();
  return { severity: "note", fault: "client", frames: [first.frame, last.frame] };
});

bad("highest-slotid-overstated", "the end of a small table is named, and never used", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1, undefined, { highest: 3 }).ok();
  wire.wait(2);
  for (let seq = 2; seq < 40; seq++) session.slot(0).send(seq, undefined, { highest: 3 }).ok();
  return { occurrences: 1 };
});

good("highest-slotid-overstated", "a little more than is in use", (wire) => {
  const session = wire.session({ slots: 64 });
  session.slot(0).send(1, undefined, { highest: 8 }).ok();
  wire.wait(2);
  for (let seq = 2; seq < 40; seq++) session.slot(0).send(seq, undefined, { highest: 8 }).ok();
});

good("highest-slotid-overstated", "a burst in which many slots are taken before the first request leaves", (wire) => {
  const session = wire.session({ slots: 64 });
  const calls = [];
  for (let slot = 0; slot < 64; slot++) calls.push(session.slot(slot).send(1, undefined, { highest: 63 }));
  for (const call of calls) call.ok();
  wire.wait(2);
  session.slot(0).send(2, undefined, { highest: 63 }).ok();
});

good("highest-slotid-overstated", "slots that were used before are named for long", (wire) => {
  const session = wire.session({ slots: 64 });
  session.slot(60).exchange(1);
  wire.wait(2);
  for (let seq = 1; seq < 40; seq++)
    session
      .slot(0)
      .send(seq, undefined, { highest: 63 - 1 })
      .ok();
});

good("highest-slotid-overstated", "a session that was there before the capture may have used them", (wire) => {
  const session = wire.adopted({ slots: 64 });
  session.slot(0).send(5, undefined, { highest: 63 }).ok();
  wire.wait(2);
  for (let seq = 6; seq < 44; seq++) session.slot(0).send(seq, undefined, { highest: 63 }).ok();
});
