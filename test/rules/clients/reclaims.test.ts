import {
  NFS4ERR_BADSESSION,
  NFS4ERR_COMPLETE_ALREADY,
  NFS4ERR_DELAY,
  NFS4ERR_GRACE,
  NFS4ERR_NO_GRACE,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const CACHED = { cachethis: true };
const RECLAIM_NEEDED = 0x100;

/** A new client; the frame of its EXCHANGE_ID reply. */
function newcomer(wire: Scenario) {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId();
  return { session: connection.createSession(clientId), known: replyFrame };
}

const opening = [op.putrootfh(), op.open()];
const reclaiming = [op.putfh(), op.reopen()];

bad("reclaim-complete-missing", "OPEN is the first thing", (wire) => {
  const { session, known } = newcomer(wire);
  const call = session.slot(0).send(1, opening, CACHED);
  const frames = [known, call.frame, call.ok([0, 0, NFS4ERR_GRACE])];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: 0, seq: 1 };
});

bad("reclaim-complete-missing", "told once, though it goes on", (wire) => {
  const { session, known } = newcomer(wire);
  const call = session.slot(0).send(1, opening, CACHED);
  const frames = [known, call.frame, call.ok()];
  session.slot(0).exchange(2, 5, opening, CACHED);
  return { frames, occurrences: 1 };
});

bad("reclaim-complete-missing", "RECLAIM_COMPLETE of one file system does not do", (wire) => {
  const { session, known } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.putrootfh(), op.reclaimComplete(true)]);
  const call = session.slot(0).send(2, opening, CACHED);
  return { frames: [known, call.frame, call.ok([0, 0, NFS4ERR_GRACE])], seq: 2 };
});

good("reclaim-complete-missing", "RECLAIM_COMPLETE first", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).exchange(2, 2, opening, CACHED);
});

good("reclaim-complete-missing", "reclaims come before it", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, reclaiming, CACHED);
  session.slot(0).exchange(2, 2, [op.reclaimComplete()]);
});

good("reclaim-complete-missing", "its reply is still on the way", (wire) => {
  const { session } = newcomer(wire);
  const complete = session.slot(0).send(1, [op.reclaimComplete()]);
  session.slot(1).exchange(1, 1, opening, CACHED);
  complete.ok();
});

good("reclaim-complete-missing", "a client from before the capture", (wire) => {
  wire.adopted().slot(0).exchange(1, 1, opening, CACHED);
});

good("reclaim-complete-missing", "a client ID that was confirmed before the capture", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ eirFlags: 0x8001_0000 });
  connection.createSession(clientId).slot(0).exchange(1, 1, opening, CACHED);
});

good("reclaim-complete-missing", "the capture lost something before", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).send(1, [op.reclaimComplete()], { lost: true }).ok();
  session.slot(0).exchange(2, 2, opening, CACHED);
});

good("reclaim-complete-missing", "the snap length cut what followed SEQUENCE", (wire) => {
  wire.wire.snapLength = 160;
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.putfh(new Uint8Array(128)), op.reclaimComplete()]);
  wire.wire.snapLength = Number.POSITIVE_INFINITY;
  session.slot(0).exchange(2, 2, opening, CACHED);
});

bad("reclaim-complete-not-enforced", "OPEN succeeds", (wire) => {
  const { session, known } = newcomer(wire);
  const call = session.slot(0).send(1, opening, CACHED);
  const frames = [known, call.frame, call.ok()];
  return { severity: "warning", confidence: "certain", fault: "server", frames, slot: 0, seq: 1 };
});

good("reclaim-complete-not-enforced", "OPEN is refused", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).send(1, opening, CACHED).ok([0, 0, NFS4ERR_GRACE]);
});

good("reclaim-complete-not-enforced", "RECLAIM_COMPLETE first", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).exchange(2, 2, opening, CACHED);
});

bad("reclaim-complete-twice", "as a new request", (wire) => {
  const { session } = newcomer(wire);
  const first = session.slot(0).send(1, [op.reclaimComplete()]);
  const done = first.ok();
  const again = session.slot(0).send(2, [op.reclaimComplete()]);
  const frames = [first.frame, done, again.frame, again.ok([0, NFS4ERR_COMPLETE_ALREADY])];
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: 0, seq: 2 };
});

good("reclaim-complete-twice", "a retry of the same request", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()], CACHED);
  session
    .slot(0)
    .send(1, [op.reclaimComplete()], { ...CACHED, on: wire.connect() })
    .ok();
});

good("reclaim-complete-twice", "the first had been put off", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).send(1, [op.reclaimComplete()]).ok([0, NFS4ERR_DELAY]);
  session.slot(0).exchange(2, 2, [op.reclaimComplete()]);
});

good("reclaim-complete-twice", "one for everything and one for a file system", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).exchange(2, 2, [op.putrootfh(), op.reclaimComplete(true)]);
});

good("reclaim-complete-twice", "the server restarted and asks for it", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).send(2).ok([], { flags: RECLAIM_NEEDED });
  session.slot(0).exchange(3, 3, [op.reclaimComplete()]);
});

bad("reclaim-after-complete", "OPEN with CLAIM_PREVIOUS", (wire) => {
  const { session } = newcomer(wire);
  const complete = session.slot(0).send(1, [op.reclaimComplete()]);
  const done = complete.ok();
  const call = session.slot(0).send(2, reclaiming, CACHED);
  const frames = [complete.frame, done, call.frame, call.ok([0, 0, NFS4ERR_NO_GRACE])];
  return { severity: "error", confidence: "certain", fault: "client", frames, slot: 0, seq: 2 };
});

good("reclaim-after-complete", "before RECLAIM_COMPLETE the server refuses for reasons of its own", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).send(1, reclaiming, CACHED).ok([0, 0, NFS4ERR_NO_GRACE]);
  session.slot(0).exchange(2, 2, [op.reclaimComplete()]);
});

good("reclaim-after-complete", "a file system came over from another server: the reclaim is granted", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).exchange(2, 2, reclaiming, CACHED);
});

good("reclaim-after-complete", "the server restarted in between", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  session.slot(0).send(2).ok([], { flags: RECLAIM_NEEDED });
  session.slot(0).send(3, reclaiming, CACHED).ok([0, 0, NFS4ERR_NO_GRACE]);
});

good("reclaim-complete-missing", "RECLAIM_COMPLETE was recorded before the reply that made the session", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { call, session } = connection.createSessionCall(clientId);
  const complete = session.slot(0).send(1, [op.reclaimComplete()]);
  call.ok();
  complete.ok();
  session.slot(0).exchange(2, 2, opening, CACHED);
});

/** A client had reclaimed everything, and the server restarted: it gives out the same client IDs as before. */
function restarted(wire: Scenario) {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  wire.wait(30);
  session.connection.close("rst");
  wire.wait(30);
  const on = wire.connect();
  session.slot(0).send(2, undefined, { on }).fail(NFS4ERR_BADSESSION);
  return on.createSession(on.exchangeId({ clientId: 1n }).clientId).slot(0);
}

good("reclaim-complete-twice", "the server has restarted and counts its client IDs anew", (wire) => {
  restarted(wire).exchange(1, 1, [op.reclaimComplete()]);
});

good("reclaim-after-complete", "the server has restarted and counts its client IDs anew", (wire) => {
  restarted(wire).send(1, reclaiming, CACHED).ok([0, 0, NFS4ERR_NO_GRACE]);
});

good("reclaim-complete-twice", "the lease was over, and the client ID is made anew with the same number", (wire) => {
  const { session } = newcomer(wire);
  session.slot(0).exchange(1, 1, [op.reclaimComplete()]);
  wire.wait(200);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
  const { connection } = session;
  connection
    .createSession(connection.exchangeId({ clientId: 1n }).clientId)
    .slot(0)
    .exchange(1, 1, [op.reclaimComplete()]);
});
