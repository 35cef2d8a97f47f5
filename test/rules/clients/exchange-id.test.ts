import {
  NFS4ERR_INVAL,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_PERM,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { type Connection, op, type Scenario } from "../../support/scenario.ts";

const ANOTHER_VERIFIER = "0x0202020202020202";
const FENCE_OPS = 0x4;
const UPDATE = 0x4000_0000;
const CONFIRMED_R = 0x8000_0000;
const NON_PNFS = 0x1_0000;
const MDS = 0x2_0000;
const DS = 0x4_0000;
const CONFIRMED = (CONFIRMED_R | NON_PNFS) >>> 0;

/** A client with a session that it used. */
function confirmed(wire: Scenario): { connection: Connection; clientId: bigint; frames: number[] } {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId();
  connection.createSession(clientId).slot(0).exchange(1);
  return { connection, clientId, frames: [replyFrame] };
}

bad("exchange-id-bad-flags", "an undefined bit", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ flags: 0x8000, status: NFS4ERR_INVAL });
  return { severity: "error", confidence: "certain", fault: "client", frames: [call.frame, replyFrame], slot: null };
});

bad("exchange-id-bad-flags", "CONFIRMED_R, which only servers set", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ flags: CONFIRMED_R });
  return { severity: "error", fault: "client", frames: [call.frame, replyFrame] };
});

bad("exchange-id-bad-flags", "SUPP_FENCE_OPS in minor version 1 is only noted", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ flags: FENCE_OPS });
  return { severity: "note", frames: [call.frame, replyFrame] };
});

good("exchange-id-bad-flags", "everything that minor version 2 has", (wire) => {
  wire.connect().exchangeId({ minor: 2, flags: 0x4007_0107 });
});

bad("exchange-id-flag-wrong", "UPD_CONFIRMED_REC_A in the reply", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ eirFlags: UPDATE | NON_PNFS });
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame, replyFrame], slot: null };
});

bad("exchange-id-flag-wrong", "no role at all", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ eirFlags: 0 });
  return { severity: "error", frames: [call.frame, replyFrame] };
});

bad("exchange-id-flag-wrong", "two roles that exclude each other", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId({ eirFlags: NON_PNFS | MDS });
  return { severity: "error", frames: [call.frame, replyFrame] };
});

bad("exchange-id-flag-wrong", "CONFIRMED_R is clear, though the client ID has a session", (wire) => {
  const { connection, clientId } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({ clientId });
  return { severity: "error", confidence: "certain", frames: [call.frame, replyFrame] };
});

bad("exchange-id-flag-wrong", "CONFIRMED_R is set, though nobody sent CREATE_SESSION", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { call, replyFrame } = connection.exchangeId({ clientId, eirFlags: CONFIRMED });
  return { severity: "error", confidence: "likely", frames: [call.frame, replyFrame] };
});

bad("exchange-id-flag-wrong", "CONFIRMED_R is clear on another connection, and the session goes on", (wire) => {
  const { connection, clientId } = confirmed(wire);
  const { call, replyFrame } = wire.connect().exchangeId({ clientId });
  wire.wait(5);
  connection.call([op.putrootfh()]).fail(NFS4ERR_OP_NOT_IN_SESSION);
  return { severity: "error", confidence: "certain", frames: [call.frame, replyFrame] };
});

only(["exchange-id-flag-wrong"], "the client knows better and counts on", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.exchangeId({ clientId });
  connection.createSession(clientId, { sequence: 2 });
});

good("exchange-id-flag-wrong", "the legal sets of roles, each for an owner of its own", (wire) => {
  const connection = wire.connect();
  for (const eirFlags of [MDS, MDS | DS, DS, NON_PNFS, NON_PNFS | DS])
    connection.exchangeId({ owner: String(eirFlags), eirFlags });
});

good("exchange-id-flag-wrong", "a confirmed client asks again", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.exchangeId({ clientId, eirFlags: CONFIRMED });
});

good("exchange-id-flag-wrong", "the server may have restarted: no connection lived through it", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.close("rst");
  wire.connect().exchangeId({ clientId });
});

good("exchange-id-flag-wrong", "CONFIRMED_R for a client from before the capture", (wire) => {
  wire.connect().exchangeId({ eirFlags: CONFIRMED });
});

bad("exchange-id-update-case", "another verifier updates a confirmed client ID", (wire) => {
  const { connection, clientId } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({
    flags: UPDATE,
    verifier: ANOTHER_VERIFIER,
    clientId: clientId + 9n,
  });
  return { severity: "warning", confidence: "certain", fault: "server", frames: [call.frame, replyFrame], slot: null };
});

bad("exchange-id-update-case", "another principal updates it", (wire) => {
  const { connection, clientId } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({ flags: UPDATE, uid: 1000, clientId, eirFlags: CONFIRMED });
  return { severity: "warning", frames: [call.frame, replyFrame] };
});

bad("exchange-id-update-case", "an update by the client itself is refused", (wire) => {
  const { connection } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({ flags: UPDATE, status: NFS4ERR_NOENT });
  return { severity: "warning", frames: [call.frame, replyFrame] };
});

bad("exchange-id-update-case", "an update of a client ID that nobody confirmed", (wire) => {
  const connection = wire.connect();
  connection.exchangeId();
  const { call, replyFrame } = connection.exchangeId({ flags: UPDATE });
  return { severity: "warning", confidence: "likely", frames: [call.frame, replyFrame] };
});

good("exchange-id-update-case", "each case gets its answer", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.exchangeId({ flags: UPDATE, clientId, eirFlags: CONFIRMED });
  connection.exchangeId({ flags: UPDATE, verifier: ANOTHER_VERIFIER, status: NFS4ERR_NOT_SAME });
  connection.exchangeId({ flags: UPDATE, uid: 1000, status: NFS4ERR_PERM });
  connection.exchangeId({ owner: "newcomer" });
  connection.exchangeId({ owner: "newcomer", flags: UPDATE, status: NFS4ERR_NOENT });
});

good("exchange-id-update-case", "another verifier and another principal at once: either reason will do", (wire) => {
  const { connection } = confirmed(wire);
  connection.exchangeId({ flags: UPDATE, uid: 1000, verifier: ANOTHER_VERIFIER, status: NFS4ERR_PERM });
});

good("exchange-id-update-case", "the lease was over, the record is gone", (wire) => {
  const { connection } = confirmed(wire);
  wire.wait(200);
  connection.exchangeId({ flags: UPDATE, status: NFS4ERR_NOENT });
});

bad("clientid-two-incarnations", "a client that restarted gets its old client ID", (wire) => {
  const { connection, clientId, frames } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({ verifier: ANOTHER_VERIFIER, clientId });
  const seen = [...frames, call.frame, replyFrame];
  return { severity: "error", confidence: "certain", fault: "server", frames: seen, slot: null };
});

bad("clientid-two-incarnations", "a server that restarted as well may count anew", (wire) => {
  const { connection, clientId, frames } = confirmed(wire);
  connection.close("rst");
  const { call, replyFrame } = wire.connect().exchangeId({ verifier: ANOTHER_VERIFIER, clientId });
  return { confidence: "possible", frames: [...frames, call.frame, replyFrame] };
});

good("clientid-two-incarnations", "a client that restarted gets a new client ID", (wire) => {
  const { connection } = confirmed(wire);
  connection.exchangeId({ verifier: ANOTHER_VERIFIER });
});

good("clientid-two-incarnations", "after DESTROY_CLIENTID the number is free", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.destroyClientid(clientId).ok();
  connection.exchangeId({ verifier: ANOTHER_VERIFIER, clientId });
});

only(["clientid-two-incarnations"], "the update of another incarnation that keeps the client ID", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.exchangeId({ flags: UPDATE, verifier: ANOTHER_VERIFIER, clientId, eirFlags: CONFIRMED });
});

bad("clientid-live-reuse", "another owner gets the client ID of a session in use", (wire) => {
  const { connection, clientId, frames } = confirmed(wire);
  const { call, replyFrame } = connection.exchangeId({ owner: "another", clientId });
  const seen = [...frames, call.frame, replyFrame];
  return { severity: "error", confidence: "likely", fault: "server", frames: seen, slot: null };
});

good("clientid-live-reuse", "the client ID was destroyed before", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  connection.destroySession(session.id).ok();
  connection.destroyClientid(clientId).ok();
  connection.exchangeId({ owner: "another", clientId });
});

good("clientid-live-reuse", "nobody's connection lived through what may have been a restart", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.close("rst");
  wire.connect().exchangeId({ owner: "another", clientId });
});

good("clientid-live-reuse", "another server has numbers of its own", (wire) => {
  const { clientId } = confirmed(wire);
  wire.connect(undefined, { server: "10.0.0.9:2049" }).exchangeId({ owner: "another", major: "other", clientId });
});

bad("clientid-live-reuse", "another owner gets it on a connection of its own", (wire) => {
  const { connection, clientId, frames } = confirmed(wire);
  const { call, replyFrame } = wire.connect("10.0.0.3:800").exchangeId({ owner: "another", clientId });
  wire.wait(20);
  // The server did not restart: the first one's connection lives.
  connection.call([op.putrootfh()]).fail(NFS4ERR_OP_NOT_IN_SESSION);
  return { severity: "error", confidence: "likely", fault: "server", frames: [...frames, call.frame, replyFrame] };
});

good("clientid-live-reuse", "several servers answer at one address", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.exchangeId({ owner: "another", clientId, major: "another node" });
});

good("clientid-two-incarnations", "several servers answer at one address", (wire) => {
  const { connection, clientId } = confirmed(wire);
  connection.close("rst");
  wire.connect().exchangeId({ verifier: ANOTHER_VERIFIER, clientId, scope: "another node" });
});
