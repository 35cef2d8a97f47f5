import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const remove = () => [op.putfh(), op.remove(), op.getattr()];

bad("delay-resent-same-slot", "delayed behind SEQUENCE, sent again with the same sequence id", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1);
  const first = slot.send(2);
  const reply = first.ok([0, DELAY]);
  wire.wait(1);
  const again = slot.send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame, again.ok([0, DELAY])],
    slot: 1,
    seq: 2,
  };
});

good("delay-resent-same-slot", "sent again as a new request", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1);
  slot.send(2).ok([0, DELAY]);
  wire.wait(1);
  slot.exchange(3);
});

good("delay-resent-same-slot", "delayed at SEQUENCE: the same sequence id it must be", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1);
  slot.send(2).fail(DELAY);
  wire.wait(1);
  slot.exchange(2);
});

good("delay-resent-same-slot", "the connection was lost, perhaps with the reply", (wire) => {
  const session = wire.session();
  session.slot(1).send(1).ok([0, DELAY]);
  session.connection.close("rst");
  session.slot(1).send(1, undefined, { on: wire.connect() }).ok([0, DELAY]);
});

bad("delay-nonidempotent-resent", "REMOVE had succeeded and is sent again with the rest", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1, remove(), { cachethis: true });
  const reply = first.ok([0, 0, 0, DELAY]);
  wire.wait(1);
  const again = session.slot(1).send(1, remove(), { cachethis: true });
  again.ok([0, 0, 2]);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame],
    slot: 1,
    seq: 1,
  };
});

bad("delay-nonidempotent-resent", "OPEN may be repeated by its owner: a note", (wire) => {
  const slot = wire.session().slot(0);
  const steps = [op.putfh(), op.open("file"), op.getattr()];
  slot.send(1, steps).ok([0, 0, 0, DELAY]);
  wire.wait(1);
  slot.send(2, steps).ok();
  return { severity: "note", slot: 0, seq: 2 };
});

good("delay-nonidempotent-resent", "only the remainder is sent", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, remove(), { cachethis: true }).ok([0, 0, 0, DELAY]);
  wire.wait(1);
  slot.exchange(2, 2, [op.putfh(), op.getattr()]);
});

good("delay-nonidempotent-resent", "REMOVE itself was delayed", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, remove(), { cachethis: true }).ok([0, 0, DELAY]);
  wire.wait(1);
  slot.exchange(2, 2, remove(), { cachethis: true });
});

good("delay-nonidempotent-resent", "another user removes a file of that name", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1, remove(), { cachethis: true, uid: 1000 }).ok([0, 0, 0, DELAY]);
  wire.wait(1);
  slot.exchange(2, 2, remove(), { cachethis: true, uid: 1001 });
});

bad("delay-on-sequence-new-slot", "the request goes on elsewhere", (wire) => {
  const session = wire.session();
  const first = session.slot(0).send(1);
  const reply = first.fail(DELAY);
  wire.wait(1);
  const again = session.slot(1).send(1);
  again.ok();
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, reply, again.frame],
    slot: 1,
    seq: 1,
  };
});

good("delay-on-sequence-new-slot", "the request stays on its slot", (wire) => {
  const slot = wire.session().slot(0);
  slot.send(1).fail(DELAY);
  wire.wait(1);
  slot.exchange(1);
});

good("delay-on-sequence-new-slot", "delayed behind SEQUENCE: any slot will do", (wire) => {
  const session = wire.session();
  session.slot(0).send(1).ok([0, DELAY]);
  wire.wait(1);
  session.slot(1).exchange(1);
});

good("delay-on-sequence-new-slot", "a retry whose original still ran, sent once more on its slot", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.connection.close("rst");
  const on = wire.connect();
  session.slot(0).send(2, undefined, { on }).fail(DELAY);
  session.slot(0).send(2, undefined, { on }).ok();
  session.slot(1).exchange(1, 1, undefined, { on });
});

/** 1 … `times`. */
const attempts = (times: number) => Array.from({ length: times }, (_, index) => index + 1);

bad("delay-busy-loop", "five times in a row at once", (wire) => {
  const slot = wire.session().slot(0);
  let frames: number[] = [];
  for (const seq of attempts(6)) {
    const call = slot.send(seq);
    const reply = call.ok([0, DELAY]);
    frames = seq === 5 ? [call.frame, reply] : seq === 6 ? [...frames, call.frame] : frames;
  }
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: 0, seq: 6 };
});

bad("delay-busy-loop", "delayed at SEQUENCE", (wire) => {
  const slot = wire.session().slot(0);
  for (const _ of attempts(9)) slot.send(1).fail(DELAY);
  return { slot: 0, seq: 1, occurrences: 1 };
});

good("delay-busy-loop", "four times in a row", (wire) => {
  const slot = wire.session().slot(0);
  for (const seq of attempts(5)) slot.send(seq).ok([0, DELAY]);
  slot.exchange(6, 6, [op.putfh(), op.access()]);
});

good("delay-busy-loop", "with a pause each time", (wire) => {
  const slot = wire.session().slot(0);
  for (const seq of attempts(20)) {
    slot.send(seq).ok([0, DELAY]);
    wire.wait(0.01);
  }
});
