import { bad, good } from "../../support/rule-stories.ts";

const BADSLOT = 10053;

bad("slot-beyond-table", "slot 4 of a table of 4", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  const call = session.slot(4).send(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(BADSLOT)],
    slot: 4,
    seq: 1,
  };
});

bad("slot-beyond-table", "as many as were asked for, not as many as were granted", (wire) => {
  const session = wire.session({ slots: 64, foreGranted: { maxRequests: 10 } });
  const call = session.slot(63).send(1);
  return { frames: [call.frame, call.fail(BADSLOT)], slot: 63 };
});

bad("slot-beyond-table", "no answer was seen", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  const call = session.slot(4).send(1);
  return { frames: [call.frame], slot: 4 };
});

bad("slot-beyond-table", "a server that serves it does not make it right", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  session.slot(4).send(1).ok([], { highest: 3 });
  return { slot: 4, seq: 1 };
});

bad("slot-beyond-table", "a slot that no table can have", (wire) => {
  const session = wire.session({ slots: 4 });
  const call = session.slot(0xffff_ffff).send(1);
  return { frames: [call.frame, call.fail(BADSLOT)], slot: 0xffff_ffff };
});

good("slot-beyond-table", "the last slot of the table", (wire) => {
  wire.session({ slots: 4 }).slot(3).exchange(1, 2);
});

good("slot-beyond-table", "the server let the table grow", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 31 });
  session.slot(31).send(1).ok([], { highest: 31 });
});

good("slot-beyond-table", "it grew and shrank: not beyond what it once was", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).send(1).ok([], { highest: 31 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(31).send(1).fail(BADSLOT);
});

good("slot-beyond-table", "the size of the table was not captured", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(5, 8);
  session.slot(60).send(9).fail(BADSLOT);
});

good("slot-beyond-table", "bytes are missing that may have told of a larger table", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(0).exchange(1);
  session.slot(0).send(2).ok([], { lost: true, highest: 31 });
  session.slot(1).exchange(1);
  session.slot(31).send(1).fail(BADSLOT);
});
