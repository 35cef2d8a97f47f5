import {
  NFS4ERR_BACK_CHAN_BUSY,
  NFS4ERR_BADSESSION,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DELAY,
  NFS4ERR_NOT_ONLY_OP,
} from "../../../src/nfs4/constants.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

const FENCE_OPS = 4;
const USE_NON_PNFS = 0x10000;
const CONN_BACK_CHAN = 2;

const destroys = ({ id }: Session) =>
  op.step("DESTROY_SESSION", { dsa_sessionid: Uint8Array.from(Buffer.from(id, "hex")) });

bad("destroy-session-position", "an operation follows the end of the session", (wire) => {
  const session = wire.session();
  const call = session.slot(2).send(1, [destroys(session), op.putrootfh()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, NFS4ERR_NOT_ONLY_OP])],
    slot: 2,
    seq: 1,
  };
});

good("destroy-session-position", "DESTROY_SESSION comes last", (wire) => {
  const session = wire.session();
  session
    .slot(0)
    .send(1, [destroys(session)])
    .ok();
});

good("destroy-session-position", "another session may be destroyed anywhere", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  const other = connection.createSession(clientId, { sequence: 2 });
  session
    .slot(0)
    .send(1, [destroys(other), op.putrootfh()])
    .ok();
});

/** DESTROY_SESSION on a connection that never served the session. */
function destroyElsewhere(wire: Scenario, protect: 0 | 1, status: number) {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId({ protect });
  const { id } = connection.createSession(clientId);
  const opened = wire.wire.frames + 1;
  const call = wire.connect().destroySession(id);
  return [opened, call.frame, call.fail(status)];
}

bad("destroy-session-unbound-conn", "with state protection", (wire) => ({
  severity: "error",
  confidence: "certain",
  fault: "client",
  frames: destroyElsewhere(wire, 1, NFS4ERR_CONN_NOT_BOUND_TO_SESSION),
  slot: null,
}));

bad("destroy-session-unbound-conn", "without state protection it is only noted", (wire) => ({
  severity: "note",
  frames: destroyElsewhere(wire, 0, NFS4ERR_CONN_NOT_BOUND_TO_SESSION),
}));

good("destroy-session-unbound-conn", "the server does not know the session any more", (wire) => {
  destroyElsewhere(wire, 1, NFS4ERR_BADSESSION);
});

good("destroy-session-unbound-conn", "a SEQUENCE has bound the connection", (wire) => {
  const session = wire.session();
  const second = wire.connect();
  session.slot(0).send(1, undefined, { on: second }).ok();
  second.destroySession(session.id).ok();
});

good("destroy-session-unbound-conn", "what was bound before the capture is not known", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.connect("10.0.0.2:700", { handshake: false }).destroySession(session.id).ok();
});

bad("destroy-session-with-outstanding", "a request waits for its reply", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const request = session.slot(1).send(1);
  const destroy = session.connection.destroySession(session.id);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "client",
    frames: [request.frame, destroy.frame, destroy.ok()],
    slot: null,
  };
});

good("destroy-session-with-outstanding", "all slots are idle", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(1).exchange(1);
  session.connection.destroySession(session.id).ok();
});

good("destroy-session-with-outstanding", "the server had lost the session anyway", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  session.connection.destroySession(session.id).fail(NFS4ERR_BADSESSION);
});

good("destroy-session-with-outstanding", "the reply is missing from the capture", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(1).send(1).ok([], { lost: true });
  session.slot(0).exchange(2);
  session.connection.destroySession(session.id).ok();
});

/** A session of a client whose server promises to fence. */
function fencedSession(wire: Scenario, eirFlags = USE_NON_PNFS | FENCE_OPS): Session {
  const connection = wire.connect();
  return connection.createSession(connection.exchangeId({ eirFlags }).clientId, { minor: 2 });
}

bad("fence-ops-broken", "a write completes after DESTROY_SESSION was answered", (wire) => {
  const session = fencedSession(wire);
  const write = session.slot(0).send(1, [op.putfh(), op.write()]);
  const destroy = session.connection.destroySession(session.id);
  const destroyed = destroy.ok();
  wire.wait(1);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [write.frame, destroy.frame, destroyed, write.ok()],
    slot: 0,
    seq: 1,
  };
});

bad("fence-ops-broken", "a write completes after EXCHANGE_ID with a new verifier was answered", (wire) => {
  const session = fencedSession(wire);
  const write = session.slot(0).send(1, [op.putfh(), op.write()]);
  const { call, replyFrame } = session.connection.exchangeId({ verifier: "0x0202020202020202" });
  return { frames: [write.frame, call.frame, replyFrame, write.ok()], slot: 0, seq: 1 };
});

good("fence-ops-broken", "the write is answered first", (wire) => {
  const session = fencedSession(wire);
  const write = session.slot(0).send(1, [op.putfh(), op.write()]);
  const destroy = session.connection.destroySession(session.id);
  write.ok();
  destroy.ok();
});

good("fence-ops-broken", "the write is aborted", (wire) => {
  const session = fencedSession(wire);
  const write = session.slot(0).send(1, [op.putfh(), op.write()]);
  session.connection.destroySession(session.id).ok();
  write.fail(NFS4ERR_BADSESSION);
});

good("fence-ops-broken", "the server promised nothing", (wire) => {
  const session = fencedSession(wire, USE_NON_PNFS);
  const write = session.slot(0).send(1, [op.putfh(), op.write()]);
  session.connection.destroySession(session.id).ok();
  write.ok();
});

bad("back-chan-busy", "a callback has no answer yet", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  session.connection.callback([session.callbackSequence(0, 1)]);
  const destroy = session.connection.destroySession(session.id);
  return {
    severity: "note",
    confidence: "certain",
    fault: "server",
    frames: [destroy.frame, destroy.fail(NFS4ERR_BACK_CHAN_BUSY)],
  };
});

good("back-chan-busy", "the session goes", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  session.connection.callback([session.callbackSequence(0, 1)]).ok();
  session.connection.destroySession(session.id).ok();
});

/** Two sessions of one client. */
function sisters(wire: Scenario): [Session, () => Session] {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  return [connection.createSession(clientId), () => connection.createSession(clientId, { sequence: 2 })];
}

bad("session-never-destroyed", "a new session takes over and the old one is left", (wire) => {
  const [old, renew] = sisters(wire);
  old.slot(0).exchange(1, 3);
  const successor = renew();
  successor.slot(0).exchange(1, 3);
  wire.wait(100);
  successor.slot(0).exchange(4);
  return {
    severity: "note",
    confidence: "certain",
    fault: "client",
    frames: [old.creation.reply, successor.creation.reply],
    slot: null,
  };
});

good("session-never-destroyed", "the old one is destroyed", (wire) => {
  const [old, renew] = sisters(wire);
  old.slot(0).exchange(1, 3);
  const successor = renew();
  old.connection.destroySession(old.id).ok();
  successor.slot(0).exchange(1, 3);
  wire.wait(100);
  successor.slot(0).exchange(4);
});

good("session-never-destroyed", "both are used", (wire) => {
  const [old, renew] = sisters(wire);
  const sister = renew();
  for (let seq = 1; seq <= 4; seq++) {
    old.slot(0).exchange(seq);
    sister.slot(0).exchange(seq);
    wire.wait(40);
  }
});

bad("session-idle-leak", "one of two sessions falls silent", (wire) => {
  const [first, renew] = sisters(wire);
  const second = renew();
  second.slot(0).exchange(1);
  first.slot(0).exchange(1);
  for (let seq = 2; seq <= 5; seq++) {
    wire.wait(60);
    first.slot(0).exchange(seq);
  }
  return { severity: "note", confidence: "certain", fault: "client", frames: [second.creation.reply], slot: null };
});

good("session-idle-leak", "the whole client is idle", (wire) => {
  const [first, renew] = sisters(wire);
  const second = renew();
  second.slot(0).exchange(1);
  first.slot(0).exchange(1);
  wire.wait(600);
  wire.connect();
});

bad("delay-from-cache", "one SEQUENCE is put off for ever while another slot is served", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const first = session.slot(1).send(1);
  first.fail(NFS4ERR_DELAY);
  let last = { frame: 0, reply: 0 };
  for (let i = 2; i <= 10; i++) {
    wire.wait(12);
    session.slot(0).exchange(i);
    const { frame, fail } = delayed(session);
    last = { frame, reply: fail() };
  }
  return {
    severity: "warning",
    confidence: "likely",
    fault: "server",
    frames: [first.frame, last.frame, last.reply],
    slot: 1,
    seq: 1,
  };
});

/** Slot 1, sequence id 1, once more. */
function delayed(session: Session) {
  const call = session.slot(1).send(1);
  return { frame: call.frame, fail: () => call.fail(NFS4ERR_DELAY) };
}

bad("delay-from-cache", "one DESTROY_SESSION is put off for ever", (wire) => {
  const [old, renew] = sisters(wire);
  const session = renew();
  for (let i = 1; i <= 10; i++) {
    session.slot(0).exchange(i);
    old.connection.destroySession(old.id).fail(NFS4ERR_DELAY);
    wire.wait(12);
  }
  return { severity: "warning", fault: "server", slot: null, occurrences: 1 };
});

good("delay-from-cache", "the server puts off everything", (wire) => {
  const session = wire.session();
  for (let i = 1; i <= 12; i++) {
    delayed(session).fail();
    wire.wait(12);
  }
});

good("delay-from-cache", "it is granted in the end", (wire) => {
  const session = wire.session();
  for (let i = 1; i <= 6; i++) {
    session.slot(0).exchange(i);
    delayed(session).fail();
    wire.wait(12);
  }
  session.slot(1).exchange(1);
});
