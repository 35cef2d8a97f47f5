import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const DELAY = 10008;
const BAD_STATEID = 10025;
const BACK = { flags: 2, back: { maxRequests: 4 } };
const OPEN = [op.putrootfh(), op.openDelegated()];
const LAYOUT_STATEID = { seqid: 1, other: new Uint8Array(12).fill(3) };

/** A recall that names requests by slot and sequence id. */
function recallNaming(...calls: (readonly [slot: number, seq: number])[]) {
  return { referring: [{ calls }] };
}

bad("referring-call-missing", "the recall comes before the reply to OPEN", (wire) => {
  const session = wire.session(BACK);
  const open = session.slot(1).send(1, OPEN);
  const recall = session.callback(0, 1);
  recall.ok([0, BAD_STATEID]);
  const frames = [open.frame, recall.frame, open.ok()];
  return { severity: "warning", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

bad("referring-call-missing", "the reply is out, its slot was not used again", (wire) => {
  const session = wire.session(BACK);
  const open = session.slot(1).send(1, OPEN);
  const reply = open.ok();
  const recall = session.callback(0, 1);
  recall.ok();
  return { severity: "note", fault: "server", frames: [open.frame, reply, recall.frame], slot: null };
});

/** LAYOUTGET that makes the layout, with 1, or adds to it. */
function layoutget(seqid = 1) {
  return op.step(
    "LAYOUTGET",
    {
      loga_signal_layout_avail: false,
      loga_layout_type: 1,
      loga_iomode: 1,
      loga_offset: 0n,
      loga_length: 1n,
      loga_minlength: 1n,
      loga_stateid: LAYOUT_STATEID,
      loga_maxcount: 1000,
    },
    { logr_resok4: { logr_return_on_close: false, logr_stateid: { ...LAYOUT_STATEID, seqid }, logr_layout: [] } },
  );
}

const LAYOUT_RECALL = op.step("CB_LAYOUTRECALL", {
  clora_type: 1,
  clora_iomode: 1,
  clora_changed: false,
  clora_recall: {
    lor_recalltype: 1,
    lor_layout: { lor_fh: new Uint8Array(4), lor_offset: 0n, lor_length: 1n, lor_stateid: LAYOUT_STATEID },
  },
});

bad("referring-call-missing", "a layout", (wire) => {
  const session = wire.session(BACK);
  const call = session.slot(1).send(1, [op.putfh(), layoutget()]);
  session.callback(0, 1, [LAYOUT_RECALL]).ok([0, DELAY]);
  call.ok();
  return { severity: "warning", slot: 0 };
});

good("referring-call-missing", "a layout that the client has for long, while it asks for more of it", (wire) => {
  const session = wire.session(BACK);
  session.slot(1).exchange(1, 1, [op.putfh(), layoutget()]);
  session.slot(1).exchange(2);
  const more = session.slot(1).send(3, [op.putfh(), layoutget(2)]);
  session.callback(0, 1, [LAYOUT_RECALL]).ok([0, DELAY]);
  more.ok();
});

good("referring-call-missing", "a layout from before the capture, while the client asks for more of it", (wire) => {
  const session = wire.adopted(BACK);
  session.slot(1).exchange(7, 12);
  const more = session.slot(1).send(13, [op.putfh(), layoutget(2)]);
  session.callback(0, 1, [LAYOUT_RECALL]).ok([0, DELAY]);
  more.ok();
});

good("referring-call-missing", "the race is named", (wire) => {
  const session = wire.session(BACK);
  const open = session.slot(1).send(1, OPEN);
  session.callback(0, 1, undefined, recallNaming([1, 1])).ok([0, DELAY]);
  open.ok();
  session.callback(0, 2, undefined, recallNaming([1, 1])).ok();
});

good("referring-call-missing", "the slot was used again: the client has the reply", (wire) => {
  const session = wire.session(BACK);
  session.slot(1).exchange(1, 1, OPEN);
  session.slot(1).exchange(2);
  session.callback(0, 1).ok();
});

good("referring-call-missing", "what is recalled was handed out before the capture", (wire) => {
  const session = wire.session(BACK);
  session.slot(1).exchange(1);
  session.callback(0, 1).ok();
});

bad("referring-call-bogus", "a sequence id that the slot has not come to", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  const recall = session.callback(0, 1, undefined, recallNaming([0, 9]));
  recall.ok();
  // The request may have gone over a connection that is not in the capture.
  return { severity: "warning", confidence: "likely", fault: "server", frames: [recall.frame], slot: 0, seq: 1 };
});

bad("referring-call-bogus", "a slot that the session does not have", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  session.callback(0, 1, undefined, recallNaming([77, 1])).ok();
  return { severity: "warning", confidence: "certain" };
});

bad("referring-call-bogus", "a slot that was never used", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  session.callback(0, 1, undefined, recallNaming([2, 1])).ok();
  return { severity: "warning" };
});

bad("referring-call-bogus", "another client's session", (wire) => {
  const session = wire.session(BACK);
  const other = wire.session({ on: wire.connect("10.0.0.3:800") });
  other.slot(0).exchange(1, 3);
  session.callback(0, 1, undefined, { referring: [{ session: other, calls: [[0, 3]] }] }).ok();
  return { severity: "warning" };
});

bad("referring-call-bogus", "half of a session id", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  const cut = wire.adopted({ sessionId: "ab".repeat(8) + "00".repeat(8) });
  session.callback(0, 1, undefined, { referring: [{ session: cut, calls: [[0, 3]] }] }).ok();
  return { severity: "warning" };
});

good("referring-call-bogus", "a request that was sent, on another session of the client", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId, { ...BACK, sequence: 1 });
  const other = connection.createSession(clientId, { sequence: 2 });
  other.slot(0).exchange(1, 3);
  session.callback(0, 1, undefined, { referring: [{ session: other, calls: [[0, 3]] }] }).ok();
});

good("referring-call-bogus", "a destroyed session of the client", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId, { ...BACK, sequence: 1 });
  const other = connection.createSession(clientId, { sequence: 2 });
  other.slot(0).exchange(1, 3);
  connection.destroySession(other.id).ok();
  session.callback(0, 1, undefined, { referring: [{ session: other, calls: [[0, 3]] }] }).ok();
});

good("referring-call-bogus", "the client is older than the capture and may have other sessions", (wire) => {
  const session = wire.adopted(BACK);
  session.slot(0).exchange(7, 12);
  const other = wire.adopted({ sessionId: "ab".repeat(16) });
  session.callback(0, 1, undefined, { referring: [{ session: other, calls: [[0, 3]] }] }).ok();
});

bad("referring-call-stale", "the slot went on since", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  const last = session.slot(0).send(4);
  last.ok();
  wire.wait(1);
  const recall = session.callback(0, 1, undefined, recallNaming([0, 2]));
  recall.ok();
  return { severity: "note", fault: "server", frames: [last.frame, recall.frame], slot: null };
});

good("referring-call-stale", "the slot's last request", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 3);
  wire.wait(1);
  session.callback(0, 1, undefined, recallNaming([0, 3])).ok();
});

good("referring-call-stale", "the slot is used again while the callback is under way", (wire) => {
  wire.pace(0.01);
  const session = wire.session(BACK);
  session.slot(1).exchange(1, 1, OPEN);
  const next = session.slot(1).send(2);
  const recall = session.callback(0, 1, undefined, recallNaming([1, 1]));
  next.ok();
  recall.ok();
});

bad("callback-race", "the client answers NFS4ERR_DELAY", (wire) => {
  const session = wire.session(BACK);
  const open = session.slot(1).send(1, OPEN);
  const recall = session.callback(0, 1, undefined, recallNaming([1, 1]));
  const frames = [open.frame, recall.frame, recall.ok([0, DELAY])];
  open.ok();
  return { severity: "note", confidence: "certain", fault: "none", frames, slot: 0, seq: 1 };
});

bad("callback-race", "the client waits for the reply", (wire) => {
  const session = wire.session(BACK);
  const open = session.slot(1).send(1, OPEN);
  const recall = session.callback(0, 1, undefined, recallNaming([1, 1]));
  open.ok();
  recall.ok();
  return { severity: "note", slot: 0 };
});

good("callback-race", "the reply was there first", (wire) => {
  const session = wire.session(BACK);
  session.slot(1).exchange(1, 1, OPEN);
  session.callback(0, 1, undefined, recallNaming([1, 1])).ok();
});

only([], "a race that both handle well", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()], { cachethis: true });
  const open = session.slot(1).send(1, [...OPEN, op.getfh()], { cachethis: true });
  session.callback(0, 1, undefined, recallNaming([1, 1])).ok([0, DELAY]);
  open.ok();
  wire.wait(1);
  session.callback(0, 2, undefined, recallNaming([1, 1])).ok();
  session.slot(0).exchange(2, 2, [op.putfh(), op.delegreturn()], { cachethis: true });
});

/** A recall that the client agrees to. */
function recalled(wire: Scenario) {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, OPEN);
  session.slot(0).exchange(2);
  const recall = session.callback(0, 1);
  const reply = recall.ok();
  return { session, frames: [recall.frame, reply] };
}

bad("recall-not-returned", "the client works on for longer than a lease", (wire) => {
  const { session, frames } = recalled(wire);
  for (let seq = 3; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: 0, seq: 1 };
});

good("recall-not-returned", "returned", (wire) => {
  const { session } = recalled(wire);
  session.slot(0).exchange(3, 3, [op.putfh(), op.delegreturn()]);
  for (let seq = 4; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

good("recall-not-returned", "returned before the recall is answered", (wire) => {
  const session = wire.session(BACK);
  const recall = session.callback(0, 1);
  session.slot(0).exchange(1, 1, [op.putfh(), op.delegreturn()]);
  recall.ok();
  for (let seq = 2; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

good("recall-not-returned", "the return was on its way when the recall came", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1, 1, OPEN);
  const back = session.slot(0).send(2, [op.putfh(), op.delegreturn()]);
  session.callback(0, 1).ok();
  back.ok();
  for (let seq = 3; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

good("recall-not-returned", "the server revoked it, and the client acknowledged that", (wire) => {
  const { session } = recalled(wire);
  const freed = op.step("FREE_STATEID", { fsa_stateid: { seqid: 1, other: new Uint8Array(12).fill(7) } });
  session.slot(0).exchange(3, 3, [freed]);
  for (let seq = 4; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

good("recall-not-returned", "nothing was captured for an hour", (wire) => {
  const { session } = recalled(wire);
  wire.wait(3600);
  session.slot(0).exchange(3);
  wire.wait(1);
  session.slot(0).exchange(4, 4, [op.putfh(), op.delegreturn()]);
});

good("recall-not-returned", "the client had refused it", (wire) => {
  const session = wire.session(BACK);
  session.callback(0, 1).ok([0, BAD_STATEID]);
  for (let seq = 1; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

good("recall-not-returned", "the client is gone", (wire) => {
  recalled(wire);
  wire.wait(200);
  wire.connect();
});

good("recall-not-returned", "bytes are missing in which it may have been returned", (wire) => {
  const { session } = recalled(wire);
  session.slot(0).send(3, [op.putfh(), op.delegreturn()], { lost: true }).ok();
  for (let seq = 4; seq < 10; seq++) {
    wire.wait(20);
    session.slot(0).exchange(seq);
  }
});

const WANTS_CANCELLED = op.step("CB_WANTS_CANCELLED", {
  cwca_contended_wants_cancelled: true,
  cwca_resourced_wants_cancelled: false,
});
const LOCK_NEWS = op.step("CB_NOTIFY_LOCK", {
  cnla_fh: new Uint8Array(4),
  cnla_lock_owner: { clientid: 1n, owner: new Uint8Array(4) },
});

function lock(locktype: number) {
  const lock_owner = { clientid: 1n, owner: new Uint8Array(4) };
  const open_stateid = { seqid: 1, other: new Uint8Array(12).fill(7) };
  const open_owner = { open_seqid: 0, open_stateid, lock_seqid: 0, lock_owner };
  const locker = { new_lock_owner: true, open_owner };
  return op.step("LOCK", { locktype, reclaim: false, offset: 0n, length: 8n, locker }, {});
}

bad("notify-unbound", "nobody wanted a delegation", (wire) => {
  const session = wire.session(BACK);
  session.slot(0).exchange(1);
  const call = session.callback(0, 1, [WANTS_CANCELLED]);
  call.ok();
  return { severity: "note", fault: "server", frames: [call.frame], slot: 0, seq: 1 };
});

bad("notify-unbound", "the client's locks do not wait", (wire) => {
  const session = wire.session(BACK);
  session
    .slot(0)
    .send(1, [op.putfh(), lock(2)])
    .ok([0, 0, 10013]);
  session.callback(0, 1, [LOCK_NEWS]).ok();
  return { severity: "note" };
});

good("notify-unbound", "a lock that waits", (wire) => {
  const session = wire.session(BACK);
  session
    .slot(0)
    .send(1, [op.putfh(), lock(4)])
    .ok([0, 0, 10013]);
  session.callback(0, 1, [LOCK_NEWS]).ok();
});

good("notify-unbound", "the server had promised to push a delegation", (wire) => {
  const session = wire.session(BACK);
  const open = op.openDelegated();
  const { resok4 } = open.ok as { resok4: object };
  const delegation = { delegation_type: 3, od_whynone: { ond_why: 1, ond_server_will_push_deleg: true } };
  session.slot(0).exchange(1, 1, [op.putrootfh(), { ...open, ok: { resok4: { ...resok4, delegation } } }]);
  session.callback(0, 1, [WANTS_CANCELLED]).ok();
});

good("notify-unbound", "the client is older than the capture", (wire) => {
  const session = wire.adopted(BACK);
  session.slot(0).exchange(7);
  session.callback(0, 1, [WANTS_CANCELLED]).ok();
});
