import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const MISORDERED = 10063;
const BADSLOT = 10053;

bad("seq-first-not-one", "a new session's slot begins with 2", (wire) => {
  const session = wire.session();
  const call = session.slot(1).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(MISORDERED)],
    slot: 1,
    seq: 2,
  };
});

bad("seq-first-not-one", "so far ahead that it counts as behind", (wire) => {
  const call = wire.session().slot(0).send(0xffff_ffff);
  return { frames: [call.frame, call.fail(MISORDERED)], seq: 0xffff_ffff };
});

good("seq-first-not-one", "the first request carries 1", (wire) => {
  wire.session().slot(1).exchange(1, 2);
});

good("seq-first-not-one", "the session is older than the capture", (wire) => {
  wire.adopted().slot(1).send(7).fail(MISORDERED);
});

good("seq-first-not-one", "the server accepts it: the capture missed the first one", (wire) => {
  wire.session().slot(1).exchange(2);
});

good("seq-first-not-one", "bytes are missing between the session's beginning and the request", (wire) => {
  const session = wire.session();
  session.slot(1).send(1, undefined, { lost: true }).ok([], { lost: true });
  session.slot(1).send(3).fail(MISORDERED);
});

good("seq-first-not-one", "a slot of which 1 was refused before", (wire) => {
  const session = wire.session();
  session.slot(1).send(1).fail(10008);
  session.slot(1).send(2).fail(MISORDERED);
});

bad("seqid-zero-first", "a new session's slot begins with 0", (wire) => {
  const call = wire.session().slot(0).send(0);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(MISORDERED)],
    slot: 0,
    seq: 0,
  };
});

bad("seqid-zero-first", "answered with no results at all", (wire) => {
  const call = wire.session().slot(0).send(0);
  return { frames: [call.frame, call.results(MISORDERED, [])], seq: 0 };
});

bad("seqid-zero-first", "a server that executes it does not make it right", (wire) => {
  const call = wire.session().slot(0).send(0);
  return { frames: [call.frame, call.ok()] };
});

good("seqid-zero-first", "0 after a wrap", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(0xffff_ffff);
  slot.exchange(0);
});

good("seqid-zero-first", "on a slot that does not exist: slot-beyond-table", (wire) => {
  wire.session({ slots: 4 }).slot(9).send(0).fail(BADSLOT);
});

bad("seq-misordered", "one behind a request that was lost with its connection", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 4);
  const lost = session.slot(0).send(5);
  session.connection.close("rst");
  const again = session.slot(0).send(4, [op.putfh(), op.access()], { on: wire.connect() });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [lost.frame, again.frame, again.fail(MISORDERED)],
    slot: 0,
    seq: 4,
  };
});

good("seq-misordered", "the lost request itself is sent again", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 4);
  session.slot(0).send(5);
  session.connection.close("rst");
  session.slot(0).send(5, undefined, { on: wire.connect() }).ok();
});

good("seq-misordered", "the server still had the older one: the lost request never arrived", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 4);
  session.slot(0).send(5);
  session.connection.close("rst");
  session.slot(0).send(4, undefined, { on: wire.connect() }).ok();
});

bad("seq-gap", "one request is missing", (wire) => {
  const slot = wire.session().slot(2);
  const before = slot.send(1);
  before.ok();
  const call = slot.send(3);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [before.frame, call.frame, call.fail(MISORDERED)],
    slot: 2,
    seq: 3,
  };
});

bad("seq-gap", "no answer was seen: the server may not have got it", (wire) => {
  const slot = wire.session().slot(0);
  const before = slot.send(1);
  before.ok();
  const call = slot.send(9);
  return { confidence: "likely", frames: [before.frame, call.frame], seq: 9 };
});

bad("seq-gap", "on an adopted slot, surely after three clean exchanges", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(100, 103);
  slot.send(105).fail(MISORDERED);
  return { confidence: "certain", seq: 105 };
});

bad("seq-gap", "on an adopted slot, probably after one", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(100, 101);
  slot.send(105).fail(MISORDERED);
  return { confidence: "likely", seq: 105 };
});

good("seq-gap", "one after the other", (wire) => {
  wire.session().slot(2).exchange(1, 9);
});

good("seq-gap", "the server accepts it: the capture missed requests", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1);
  slot.exchange(3);
});

good("seq-gap", "bytes are missing from the capture in between", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1);
  slot.send(2, undefined, { lost: true }).ok([], { lost: true });
  slot.send(4).fail(MISORDERED);
});

good("seq-gap", "the request before was answered with no results, so the slot may have moved", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1);
  slot.send(2).results(10008, []);
  slot.exchange(3);
});

bad("seq-behind", "an old sequence id comes again with another xid", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1, 5);
  const before = slot.send(6);
  before.ok();
  const call = slot.send(4);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [before.frame, call.frame, call.fail(MISORDERED)],
    slot: 1,
    seq: 4,
  };
});

bad("seq-behind", "behind a request that is outstanding", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1, 5);
  const before = slot.send(6);
  const call = slot.send(5, [op.putfh(), op.access()]);
  return { frames: [before.frame, call.frame, call.fail(MISORDERED)], seq: 5 };
});

good("seq-behind", "the slot's own sequence id again", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1, 5);
  slot.exchange(5);
});

good("seq-behind", "the same message once more, late: late-duplicate", (wire) => {
  const slot = wire.session().slot(1);
  slot.exchange(1, 5, undefined, { xid: 7 });
  slot.exchange(6);
  slot.send(5, undefined, { xid: 7, on: wire.connect() }).fail(MISORDERED);
});

good("seq-behind", "the server gave the slot up and took it anew: slot-regrant-seq", (wire) => {
  const session = wire.session({ slots: 4 });
  session.slot(3).exchange(1, 5);
  session.slot(0).send(1).ok([], { highest: 1 });
  session.slot(0).send(2).ok([], { highest: 3 });
  session.slot(3).exchange(1);
});

bad("late-duplicate", "a copy of a superseded request on another connection", (wire) => {
  const slot = wire.session().slot(0);
  const first = slot.send(1, undefined, { xid: 77 });
  first.ok();
  slot.exchange(2);
  wire.wait(1);
  const copy = slot.send(1, undefined, { xid: 77, on: wire.connect() });
  return {
    severity: "note",
    confidence: "certain",
    fault: "network",
    frames: [first.frame, copy.frame, copy.fail(MISORDERED)],
    slot: 0,
    seq: 1,
  };
});

bad("late-duplicate", "known for a copy although the slot goes on before the answer", (wire) => {
  const session = wire.session();
  const slot = session.slot(0);
  const first = slot.send(1, undefined, { xid: 77 });
  first.ok();
  slot.exchange(2);
  wire.wait(1);
  const copy = slot.send(1, undefined, { xid: 77, on: wire.connect() });
  slot.exchange(3, 5);
  return { frames: [first.frame, copy.frame, copy.fail(MISORDERED)] };
});

good("late-duplicate", "another xid: the client decided to send it", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  slot.send(1, undefined, { xid: 77 }).fail(MISORDERED);
});

good("late-duplicate", "other bytes under the old xid", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 1, undefined, { xid: 77 });
  slot.exchange(2);
  slot.send(1, [op.putfh(), op.access()], { xid: 77, on: wire.connect() }).fail(MISORDERED);
});

const LAST = 0xffff_ffff;

bad("seq-wrap-skipped-zero", "1 after 0xffffffff", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(LAST - 3, LAST - 1);
  const before = slot.send(LAST);
  before.ok();
  const call = slot.send(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [before.frame, call.frame, call.fail(MISORDERED)],
    slot: 0,
    seq: 1,
  };
});

for (const [last, seq] of [
  [LAST - 1, 0],
  [0x7fff_ffff, 0],
  [0x7fff_ffff, 1],
] as const) {
  bad("seq-wrap-skipped-zero", `${seq} after 0x${last.toString(16)}`, (wire) => {
    const slot = wire.adopted().slot(0);
    slot.exchange(last - 3, last);
    slot.send(seq).fail(MISORDERED);
    return { seq, confidence: "certain" };
  });
}

good("seq-wrap-skipped-zero", "0 after 0xffffffff", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(LAST - 3, LAST);
  slot.exchange(0, 1);
});

good("seq-wrap-skipped-zero", "0x80000000 after 0x7fffffff", (wire) => {
  wire.adopted().slot(0).exchange(0x7fff_fffd, 0x8000_0001);
});

bad("seq-wrap", "0 after 0xffffffff", (wire) => {
  const slot = wire.adopted().slot(5);
  slot.exchange(LAST - 3, LAST);
  const call = slot.send(0);
  call.ok();
  slot.exchange(1);
  return { severity: "note", fault: "none", frames: [call.frame], slot: 5, seq: 0, occurrences: 1 };
});

good("seq-wrap", "up to 0xffffffff and no further", (wire) => {
  wire
    .adopted()
    .slot(5)
    .exchange(LAST - 3, LAST);
});
