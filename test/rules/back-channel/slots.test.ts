import { bad, good, only } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";

const DELAY = 10008;
const BADSLOT = 10053;
const MISORDERED = 10063;
const BACK = { flags: 2, back: { maxRequests: 4 } };

bad("backchannel-error-moved-slot", "the next sequence id after NFS4ERR_DELAY on CB_SEQUENCE", (wire) => {
  const session = wire.session(BACK);
  const refused = session.callback(0, 1);
  const reply = refused.fail(DELAY);
  wire.wait(1);
  const call = session.callback(0, 2);
  const frames = [refused.frame, reply, call.frame, call.fail(MISORDERED)];
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 0, seq: 2 };
});

bad("backchannel-error-moved-slot", "one more with each attempt", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  for (const seq of [2, 3, 4]) session.callback(0, seq, [op.recallAny()]).fail(MISORDERED);
  return { seq: 2, occurrences: 3 };
});

good("backchannel-error-moved-slot", "the same sequence id again, with another callback", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(1);
  session.callback(0, 1, [op.recallAny()]).ok();
  session.callback(0, 2).ok();
});

good("backchannel-error-moved-slot", "the slot is given up, another is used", (wire) => {
  const session = wire.session(BACK);
  session.callback(1, 1).fail(BADSLOT);
  session.callback(0, 1).ok();
  session.callback(0, 2).ok();
});

only(["backchannel-error-moved-slot"], "the server counts attempts", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(1);
  session.callback(0, 2).fail(MISORDERED);
});

bad("backchannel-delay-resent-same-slot", "the recall was delayed, not CB_SEQUENCE", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  const reply = first.ok([0, DELAY]);
  wire.wait(2);
  const again = session.callback(0, 1);
  const frames = [first.frame, reply, again.frame, again.ok([0, DELAY])];
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

good("backchannel-delay-resent-same-slot", "sent again with the next sequence id", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok([0, DELAY]);
  wire.wait(2);
  session.callback(0, 2).ok();
});

good("backchannel-delay-resent-same-slot", "CB_SEQUENCE itself was delayed", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(2);
  session.callback(0, 1).ok();
});

only(["backchannel-delay-resent-same-slot"], "a retry of a delayed recall", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok([0, DELAY]);
  wire.wait(2);
  session.callback(0, 1).ok([0, DELAY]);
});

bad("backchannel-retry-new-seq", "on another slot, the first never answered", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  wire.wait(20);
  const again = session.callback(1, 1);
  again.ok();
  const frames = [first.frame, again.frame];
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 1, seq: 1 };
});

bad("backchannel-retry-new-seq", "with the next sequence id after the connection was lost", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  session.connection.close("rst");
  const on = wire.connect();
  on.bind(session.id).ok();
  session.callback(0, 2, undefined, { on }).ok();
  return { severity: "error", slot: 0, seq: 2 };
});

bad("backchannel-retry-new-seq", "after NFS4ERR_DELAY on CB_SEQUENCE, on another slot, as RFC 5661 allowed", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(1);
  session.callback(1, 1).ok();
  return { severity: "note", slot: 1 };
});

good("backchannel-retry-new-seq", "the same triple on another connection", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  session.connection.close("rst");
  const on = wire.connect();
  on.bind(session.id).ok();
  session.callback(0, 1, undefined, { on }).ok();
});

good("backchannel-retry-new-seq", "the recall itself was delayed: a new sequence id is required", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok([0, DELAY]);
  wire.wait(1);
  session.callback(0, 2).ok();
});

good("backchannel-retry-new-seq", "the slot was refused: another has to be taken", (wire) => {
  const session = wire.session(BACK);
  session.callback(3, 1).fail(BADSLOT);
  session.callback(0, 1).ok();
});

good("backchannel-retry-new-seq", "something that may be said twice", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1, [op.recallAny()]);
  wire.wait(20);
  session.callback(1, 1, [op.recallAny()]).ok();
});

good("backchannel-retry-new-seq", "its answer comes after all", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  session.callback(1, 1).ok();
  first.ok();
});

only(["backchannel-retry-new-seq"], "a lost callback goes on under the next sequence id", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  session.connection.close("rst");
  const on = wire.connect();
  on.bind(session.id).ok();
  session.callback(0, 2, undefined, { on }).ok();
});

bad("backchannel-retry-without-disconnect", "while the answer is due", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  wire.wait(5);
  const again = session.callback(0, 1);
  const reply = again.fail(DELAY);
  first.ok();
  const frames = [first.frame, again.frame, reply];
  return { severity: "warning", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

bad("backchannel-retry-without-disconnect", "after the answer", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  const reply = first.ok();
  wire.wait(5);
  const again = session.callback(0, 1);
  return { frames: [first.frame, reply, again.frame, again.ok()] };
});

bad("backchannel-retry-without-disconnect", "on another connection while the first lives", (wire) => {
  const session = wire.session(BACK);
  const on = wire.connect();
  on.bind(session.id).ok();
  const first = session.callback(0, 1);
  wire.wait(5);
  session.callback(0, 1, undefined, { on }).ok();
  first.ok();
  return { severity: "warning", slot: 0 };
});

good("backchannel-retry-without-disconnect", "the connection was lost", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  session.connection.close("rst");
  const on = wire.connect();
  on.bind(session.id).ok();
  session.callback(0, 1, undefined, { on }).ok();
});

good("backchannel-retry-without-disconnect", "CB_SEQUENCE was delayed", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).fail(DELAY);
  wire.wait(2);
  session.callback(0, 1).ok();
});

only(["backchannel-retry-without-disconnect"], "a retry for no reason", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok();
  session.callback(0, 1).ok();
});

bad("backchannel-seq-reset", "back to 1 after the client said misordered", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2, 3]) session.callback(0, seq).ok();
  const last = session.callback(0, 5, [op.recallAny()]);
  last.fail(MISORDERED);
  const call = session.callback(0, 1);
  call.fail(MISORDERED);
  return { severity: "error", confidence: "certain", fault: "server", slot: 0, seq: 1 };
});

bad("backchannel-seq-reset", "after the client took the slot away it is only a note", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2]) session.callback(3, seq).ok();
  session.callback(0, 1).ok([], { highest: 0 });
  session.callback(0, 2).ok([], { highest: 3 });
  session.callback(3, 1).ok();
  return { severity: "note", fault: "none", slot: 3, seq: 1 };
});

bad("backchannel-seq-reset", "nor where only the target had been lowered: the Linux server goes by it", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2]) session.callback(3, seq).ok();
  session.callback(0, 1).ok([], { highest: 3, target: 0 });
  session.callback(0, 2).ok([], { highest: 3, target: 3 });
  session.callback(3, 1).ok();
  return { severity: "note", slot: 3 };
});

good("backchannel-seq-reset", "after the table grew back the sequence ids go on", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2]) session.callback(3, seq).ok();
  session.callback(0, 1).ok([], { highest: 0 });
  session.callback(0, 2).ok([], { highest: 3 });
  session.callback(3, 3).ok();
});

good("backchannel-seq-reset", "the first callback of another session", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2, 3]) session.callback(0, seq).ok();
  wire
    .session({ ...BACK, on: session.connection })
    .callback(0, 1)
    .ok();
});

good("backchannel-seq-reset", "a wrap", (wire) => {
  const session = wire.adopted(BACK);
  for (const seq of [0xffff_fffe, 0xffff_ffff, 0, 1]) session.callback(0, seq).ok();
});

only(["backchannel-seq-reset"], "the server guesses", (wire) => {
  const session = wire.session(BACK);
  for (const seq of [1, 2, 3]) session.callback(0, seq).ok();
  session.callback(0, 1, [op.recallAny()]).fail(MISORDERED);
});

bad("backchannel-not-answered", "the client talks on and says nothing to it", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1);
  for (let seq = 1; seq < 5; seq++) {
    wire.wait(4);
    session.slot(0).exchange(seq);
  }
  return { severity: "warning", confidence: "certain", fault: "client", frames: [call.frame], slot: 0, seq: 1 };
});

bad("backchannel-not-answered", "for longer than the lease, while it answers others", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  wire.wait(100);
  session.callback(1, 1, [op.recallAny()]).ok();
  return { severity: "error", slot: 0 };
});

bad("backchannel-not-answered", "the answer comes late", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1);
  wire.wait(12);
  return { severity: "note", fault: "none", frames: [call.frame, call.ok()] };
});

good("backchannel-not-answered", "answered in time", (wire) => {
  const session = wire.session(BACK);
  const call = session.callback(0, 1);
  wire.wait(8);
  call.ok();
});

good("backchannel-not-answered", "nothing is heard of the client any more", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  session.callback(0, 1);
  wire.wait(100);
  wire.connect();
});

good("backchannel-not-answered", "the connection ends first", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1);
  session.connection.close("rst");
});

bad("backchannel-delay-loop", "eleven times", (wire) => {
  const session = wire.session(BACK);
  const first = session.callback(0, 1);
  const reply = first.ok([0, DELAY]);
  for (let seq = 2; seq <= 10; seq++) {
    wire.wait(2);
    session.callback(0, seq).ok([0, DELAY]);
  }
  wire.wait(2);
  const last = session.callback(0, 11);
  const frames = [first.frame, reply, last.frame, last.ok([0, DELAY])];
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: 0, seq: 11 };
});

bad("backchannel-delay-loop", "at CB_SEQUENCE", (wire) => {
  const session = wire.session(BACK);
  for (let i = 0; i < 12; i++) {
    session.callback(0, 1).fail(DELAY);
    wire.wait(2);
  }
  return { severity: "warning", slot: 0, seq: 1 };
});

good("backchannel-delay-loop", "ten times, then done", (wire) => {
  const session = wire.session(BACK);
  for (let seq = 1; seq <= 10; seq++) {
    session.callback(0, seq).ok([0, DELAY]);
    wire.wait(2);
  }
  session.callback(0, 11).ok();
});

good("backchannel-delay-loop", "many callbacks, each once", (wire) => {
  const session = wire.session(BACK);
  for (let seq = 1; seq <= 30; seq += 2) {
    const fh = Uint8Array.of(seq, 0, 0, 0);
    session.callback(0, seq, [op.recall(fh)]).ok([0, DELAY]);
    wire.wait(2);
    session.callback(0, seq + 1, [op.recall(fh)]).ok();
  }
});

bad("backchannel-misordered-by-client", "the next sequence id of an idle slot", (wire) => {
  const session = wire.session(BACK);
  const before = session.callback(0, 1);
  const reply = before.ok();
  const call = session.callback(0, 2);
  const frames = [before.frame, reply, call.frame, call.fail(MISORDERED)];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: 0, seq: 2 };
});

good("backchannel-misordered-by-client", "the server jumped ahead", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok();
  session.callback(0, 3).fail(MISORDERED);
});

only(["backchannel-misordered-by-client"], "the client's slot stands elsewhere", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok();
  session.callback(0, 2).fail(MISORDERED);
});

good("backchannel-cachethis-refused", "the client refuses to cache what it has room for", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1, undefined, { cachethis: true }).fail(10067);
});
