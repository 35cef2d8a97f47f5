import { NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION, NFS4ERR_STALE_CLIENTID } from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Session } from "../../support/scenario.ts";

const NEW_VERIFIER = "0x0202020202020202";

/** The client learns how long its lease is: without it, early and late are guesses. */
function learnLease(session: Session, seconds: number): void {
  session.slot(0).exchange(1, 1, [op.putrootfh(), op.leaseTime(seconds)]);
}

bad("unknown-session", "a newcomer names a session that it never created", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.connection.bind("badc0ffe".repeat(4));
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(NFS4ERR_BADSESSION)],
    slot: null,
  };
});

bad("unknown-session", "the first thing ever seen of a client is a session that does not exist", (wire) => {
  const connection = wire.connect();
  const call = wire.adopted({ on: connection }).slot(0).send(1);
  return {
    severity: "warning",
    confidence: "likely",
    fault: "client",
    frames: [call.frame, call.fail(NFS4ERR_BADSESSION)],
    slot: 0,
    seq: 1,
  };
});

bad("unknown-session", "a client that goes on to recover is only noted", (wire) => {
  const connection = wire.connect();
  const call = wire.adopted({ on: connection }).slot(0).send(7);
  const frames = [call.frame, call.fail(NFS4ERR_BADSESSION)];
  connection.exchangeId();
  return { severity: "note", fault: "none", frames };
});

bad("unknown-session", "a session of another address is only noted", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const elsewhere = wire.connect(undefined, { server: "10.0.0.9:2049" });
  const call = session.slot(0).send(2, undefined, { on: elsewhere });
  return { severity: "note", fault: "none", frames: [call.frame, call.fail(NFS4ERR_BADSESSION)] };
});

good("unknown-session", "a session from before the capture is lost on the connection that carried it", (wire) => {
  const session = wire.adopted();
  session.slot(0).send(7).fail(NFS4ERR_BADSESSION);
});

bad("unknown-session", "answers that come after the recovery to what was sent before it are only noted", (wire) => {
  const connection = wire.connect();
  const call = wire.adopted({ on: connection }).slot(1).send(7);
  connection.createSession(connection.exchangeId().clientId);
  return { severity: "note", fault: "none", frames: [call.frame, call.fail(NFS4ERR_BADSESSION)] };
});

bad("unknown-session", "an older client behind the address of a newcomer is only noted", (wire) => {
  wire.session().slot(0).exchange(1);
  const connection = wire.connect();
  const call = wire.adopted({ on: connection }).slot(2).send(7);
  const frames = [call.frame, call.fail(NFS4ERR_BADSESSION)];
  connection.exchangeId({ owner: "another" });
  return { severity: "note", fault: "none", frames };
});

good("unknown-session", "the server is seen to have sessions from before the capture", (wire) => {
  wire.adopted().slot(0).exchange(5, 8);
  wire.adopted({ on: wire.connect() }).slot(0).send(1).fail(NFS4ERR_BADSESSION);
});

bad("use-after-destroy", "SEQUENCE on a session whose end was acknowledged", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const ended = session.connection.destroySession(session.id).ok();
  const call = session.slot(0).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [ended, call.frame, call.fail(NFS4ERR_BADSESSION)],
    slot: 0,
    seq: 2,
  };
});

bad("use-after-destroy", "DESTROY_SESSION twice", (wire) => {
  const session = wire.session();
  const ended = session.connection.destroySession(session.id).ok();
  const again = session.connection.destroySession(session.id);
  return { frames: [ended, again.frame, again.fail(NFS4ERR_BADSESSION)], slot: null };
});

good("use-after-destroy", "a retry of a request that was under way when the session ended", (wire) => {
  const session = wire.session();
  const request = session.slot(0).send(1);
  session.connection.destroySession(session.id).ok();
  session.slot(0).send(1, undefined, { xid: request.xid }).fail(NFS4ERR_BADSESSION);
});

good("use-after-destroy", "DESTROY_SESSION again after its reply was lost with the connection", (wire) => {
  const session = wire.session();
  session.connection.destroySession(session.id).ok();
  session.connection.close("rst");
  wire.connect().destroySession(session.id).fail(NFS4ERR_BADSESSION);
});

bad("use-after-clientid-gone", "the old incarnation's session is used after the new one's CREATE_SESSION", (wire) => {
  const session = wire.session();
  const { connection } = session;
  session.slot(0).exchange(1);
  const { clientId } = connection.exchangeId({ verifier: NEW_VERIFIER });
  const { creation } = connection.createSession(clientId);
  const call = session.slot(0).send(2);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [creation.reply, call.frame, call.fail(NFS4ERR_BADSESSION)],
    slot: 0,
    seq: 2,
  };
});

bad("use-after-clientid-gone", "the user on another host is a victim, and only noted", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const elsewhere = wire.connect("10.0.0.3:900");
  elsewhere.createSession(elsewhere.exchangeId({ verifier: NEW_VERIFIER }).clientId);
  wire.wait(1);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
  return { severity: "note", fault: "none", slot: 0, seq: 2 };
});

good("use-after-clientid-gone", "EXCHANGE_ID with a new verifier alone ends nothing", (wire) => {
  const session = wire.session();
  session.connection.exchangeId({ verifier: NEW_VERIFIER });
  session.slot(0).exchange(1, 3);
});

bad("deadsession-not-recovered", "new requests for more than half a minute", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  const death = session.slot(0).send(4).fail(NFS4ERR_DEADSESSION);
  wire.wait(31);
  const call = session.slot(0).send(4);
  call.fail(NFS4ERR_DEADSESSION);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [death, call.frame],
    slot: 0,
    seq: 4,
  };
});

good("deadsession-not-recovered", "the client makes a new session", (wire) => {
  const { clientId } = wire.connect().exchangeId();
  const session = wire.session({ clientId });
  session.slot(0).exchange(1, 3);
  session.slot(0).send(4).fail(NFS4ERR_DEADSESSION);
  session.connection.createSession(clientId, { sequence: 2 });
  wire.wait(31);
  session.slot(0).send(4).fail(NFS4ERR_DEADSESSION);
});

bad("server-accepted-dead-session", "OK after the end", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const ended = session.connection.destroySession(session.id).ok();
  const call = session.slot(0).send(2);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [ended, call.frame, call.ok()],
    slot: 0,
    seq: 2,
  };
});

good("server-accepted-dead-session", "the request was sent before the end and is answered after it", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const request = session.slot(0).send(2);
  session.connection.destroySession(session.id).ok();
  request.ok();
});

bad("badsession-for-live", "only the session was lost: its client ID is still good", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  learnLease(session, 90);
  wire.wait(10);
  const call = session.slot(0).send(2);
  const frames = [call.frame, call.fail(NFS4ERR_BADSESSION)];
  const { creation } = connection.createSession(clientId, { sequence: 2 });
  return {
    severity: "warning",
    confidence: "certain",
    fault: "server",
    frames: [...frames, creation.call, creation.reply],
    slot: 0,
    seq: 2,
  };
});

bad("badsession-for-live", "a restart explains it: a note", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  learnLease(session, 90);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
  connection.createSessionCall(clientId, { sequence: 2 }).call.fail(NFS4ERR_STALE_CLIENTID);
  return { severity: "note", fault: "none" };
});

good("badsession-for-live", "the lease was over", (wire) => {
  const session = wire.session();
  learnLease(session, 20);
  wire.wait(25);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});

bad("session-culled-early", "one session is dropped while its sister lives on", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  const sister = connection.createSession(clientId, { sequence: 2 });
  learnLease(session, 90);
  wire.wait(10);
  sister.slot(0).exchange(1);
  const call = session.slot(0).send(2);
  const frames = [call.frame, call.fail(NFS4ERR_BADSESSION)];
  sister.slot(0).exchange(2);
  return { severity: "error", confidence: "certain", fault: "server", frames, slot: 0, seq: 2 };
});

good("session-culled-early", "both sessions are gone: a restart", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  const sister = connection.createSession(clientId, { sequence: 2 });
  learnLease(session, 90);
  sister.slot(0).exchange(1);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
  sister.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});
