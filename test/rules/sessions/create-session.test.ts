import {
  NFS4ERR_DELAY,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_TOOSMALL,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";

bad("create-session-seq", "the second CREATE_SESSION skips a number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { creation } = connection.createSession(clientId);
  const { call } = connection.createSessionCall(clientId, { sequence: 3 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [creation.call, call.frame, call.fail(NFS4ERR_SEQ_MISORDERED)],
    slot: null,
  };
});

good("create-session-seq", "the next number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId);
  connection.createSession(clientId, { sequence: 2 });
});

good("create-session-seq", "after a failure either count is right", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId);
  connection.createSessionCall(clientId, { sequence: 2 }).call.fail(NFS4ERR_TOOSMALL);
  connection.createSession(clientId, { sequence: 3 });
});

good("create-session-seq", "what became of the one before is not known", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId);
  connection.createSessionCall(clientId, { sequence: 2 });
  connection.close("rst");
  wire.connect().createSessionCall(clientId, { sequence: 3 }).call.fail(NFS4ERR_SEQ_MISORDERED);
});

good("create-session-seq", "the one before still waits: create-session-concurrent speaks of it", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const first = connection.createSessionCall(clientId).call;
  const second = connection.createSessionCall(clientId, { sequence: 2 }).call;
  first.ok();
  second.ok();
});

bad("create-session-first-seq", "the number before the one that EXCHANGE_ID gave", (wire) => {
  const connection = wire.connect();
  const { clientId, replyFrame } = connection.exchangeId({ sequence: 5 });
  const { call } = connection.createSessionCall(clientId, { sequence: 4 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [replyFrame, call.frame, call.fail(NFS4ERR_SEQ_MISORDERED)],
  };
});

good("create-session-first-seq", "the number that EXCHANGE_ID gave", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ sequence: 5 });
  connection.createSession(clientId, { sequence: 5 });
});

good("create-session-first-seq", "the second CREATE_SESSION has the next number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ sequence: 5 });
  connection.createSession(clientId, { sequence: 5 });
  connection.createSession(clientId, { sequence: 6 });
});

bad("create-session-replay", "the same number again", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { creation, id } = connection.createSession(clientId);
  const again = connection.createSession(clientId, { sessionId: id }).creation;
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [creation.call, creation.reply, again.call, again.reply],
  };
});

good("create-session-replay", "the prescribed repetition after NFS4ERR_DELAY", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSessionCall(clientId).call.fail(NFS4ERR_DELAY);
  connection.createSession(clientId);
});

bad("create-session-replay-differs", "another session for the same number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const first = connection.createSession(clientId).creation;
  const second = connection.createSession(clientId).creation;
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [first.call, first.reply, second.call, second.reply],
  };
});

bad("create-session-replay-differs", "other attributes for the same number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { id } = connection.createSession(clientId);
  connection.createSession(clientId, { sessionId: id, foreGranted: { maxRequests: 2 } });
  return { severity: "error", fault: "server" };
});

good("create-session-replay-differs", "the same answer again", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { id } = connection.createSession(clientId);
  connection.createSession(clientId, { sessionId: id });
});

good("create-session-replay-differs", "the client ID was lost in between", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId);
  connection.createSessionCall(clientId).call.fail(NFS4ERR_STALE_CLIENTID);
});

good("create-session-replay-differs", "the first one had company, and was not executed", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSessionCall(clientId).call.fail(NFS4ERR_NOT_ONLY_OP);
  connection.createSession(clientId);
});

bad("create-session-concurrent", "two at once", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const first = connection.createSessionCall(clientId).call;
  const second = connection.createSessionCall(clientId, { sequence: 2 }).call;
  first.ok();
  second.ok();
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first.frame, second.frame],
  };
});

good("create-session-concurrent", "the same one again on a new connection", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSessionCall(clientId);
  connection.close("rst");
  wire.connect().createSession(clientId);
});

good("create-session-concurrent", "one after the other", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId);
  connection.createSession(clientId, { sequence: 2 });
});

bad("create-session-csr-seq", "the reply carries another number", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { creation } = connection.createSession(clientId, { csrSequence: 2 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [creation.call, creation.reply],
  };
});

good("create-session-csr-seq", "the reply carries the call's number", (wire) => {
  wire.session();
});

bad("create-session-stale", "the server does not know the client ID", (wire) => {
  const { call } = wire.connect().createSessionCall(77n, { sequence: 9 });
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.fail(NFS4ERR_STALE_CLIENTID)],
  };
});

bad("create-session-stale", "a client ID that nobody has is to be destroyed", (wire) => {
  const call = wire.connect().destroyClientid(77n);
  return { severity: "note", frames: [call.frame, call.fail(NFS4ERR_STALE_CLIENTID)] };
});

good("create-session-stale", "the server knows it", (wire) => {
  wire.session();
});

bad("stale-clientid-not-recovered", "five times the same stale client ID", (wire) => {
  const connection = wire.connect();
  const attempt = () => connection.createSessionCall(77n, { sequence: 9 }).call;
  const first = attempt().fail(NFS4ERR_STALE_CLIENTID);
  for (let i = 0; i < 3; i++) attempt().fail(NFS4ERR_STALE_CLIENTID);
  const last = attempt();
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [first, last.frame, last.fail(NFS4ERR_STALE_CLIENTID)],
  };
});

good("stale-clientid-not-recovered", "EXCHANGE_ID follows", (wire) => {
  const connection = wire.connect();
  for (let clientId = 70n; clientId < 78n; clientId++) {
    connection.createSessionCall(clientId).call.fail(NFS4ERR_STALE_CLIENTID);
    connection.exchangeId({ clientId: clientId + 1n });
  }
});

bad("session-id-reuse", "the id of a living session is given to another", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const connection = wire.connect("10.0.0.3:900");
  const { clientId } = connection.exchangeId({ owner: "another" });
  const { creation } = connection.createSession(clientId, { sessionId: session.id });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [session.creation.reply, creation.call, creation.reply],
  };
});

bad("session-id-reuse", "the id of a session that is over: a warning", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  connection.destroySession(session.id).ok();
  connection.createSession(clientId, { sequence: 2, sessionId: session.id });
  return { severity: "warning", fault: "server" };
});

good("session-id-reuse", "a replay gets the id again", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const { id } = connection.createSession(clientId);
  connection.createSession(clientId, { sessionId: id });
});

/** The server makes one session and says so twice. */
for (const rule of ["session-id-reuse", "create-session-replay-differs", "create-session-concurrent"])
  good(rule, "the same request on two connections before either is answered", (wire) => {
    const connection = wire.connect();
    const { clientId } = connection.exchangeId();
    const first = connection.createSessionCall(clientId);
    const second = wire.connect().createSessionCall(clientId, { sessionId: first.session.id });
    first.call.ok();
    second.call.ok();
    connection.destroySession(first.session.id).ok();
    connection.destroyClientid(clientId).ok();
  });

good("session-id-reuse", "a server that was restarted begins anew", (wire) => {
  const connection = wire.connect();
  const old = connection.exchangeId().clientId;
  const { id } = connection.createSession(old);
  connection.createSessionCall(old, { sequence: 2 }).call.fail(NFS4ERR_STALE_CLIENTID);
  connection.createSession(connection.exchangeId().clientId, { sessionId: id });
});

good(
  "session-id-reuse",
  "an interface that is behind records the session's first call before the reply that made it",
  (wire) => {
    const connection = wire.connect();
    const { clientId } = connection.exchangeId();
    const { call, session } = connection.createSessionCall(clientId);
    connection.tcp.holdNext();
    call.ok();
    const first = session.slot(0).send(1);
    connection.tcp.release();
    first.ok();
    session.slot(0).exchange(2, 4);
  },
);
