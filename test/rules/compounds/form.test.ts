import {
  NFS4ERR_DELAY,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_SEQUENCE_POS,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Session } from "../../support/scenario.ts";
import { bytesFrom, resultOf, unknownOperation } from "../../support/scenario-operations.ts";

const ILLEGAL = op.step("ILLEGAL");

function exchangeIdStep() {
  return op.step("EXCHANGE_ID", {
    eia_clientowner: { co_verifier: bytesFrom("0x0202020202020202"), co_ownerid: bytesFrom("other") },
    eia_flags: 0,
    eia_state_protect: { spa_how: 0 },
    eia_client_impl_id: [],
  });
}

function bindStep({ id }: Session) {
  const bctsa_sessid = bytesFrom(`0x${id}`);
  const answer = { bctsr_sessid: bctsa_sessid, bctsr_dir: 3, bctsr_use_conn_in_rdma_mode: false };
  return op.step(
    "BIND_CONN_TO_SESSION",
    { bctsa_sessid, bctsa_dir: 3, bctsa_use_conn_in_rdma_mode: false },
    { bctsr_resok4: answer },
  );
}

bad("sequence-not-first", "SEQUENCE twice", (wire) => {
  const session = wire.session();
  const call = session.slot(1).send(1, [session.sequence(2, 1)]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, NFS4ERR_SEQUENCE_POS])],
    slot: 1,
    seq: 1,
  };
});

bad("sequence-not-first", "an operation before SEQUENCE", (wire) => {
  const session = wire.session();
  const call = session.connection.call([op.putrootfh(), session.sequence(0, 1)]);
  const reply = call.fail(NFS4ERR_OP_NOT_IN_SESSION);
  return { severity: "error", fault: "client", frames: [call.frame, reply], slot: null };
});

good("sequence-not-first", "one SEQUENCE at the head", (wire) => {
  wire.session().slot(0).exchange(1, 3);
});

bad("missing-sequence", "a compound as in NFSv4.0", (wire) => {
  const call = wire.session().connection.call([op.putrootfh(), op.getattr()]);
  const reply = call.fail(NFS4ERR_OP_NOT_IN_SESSION);
  return { severity: "error", confidence: "certain", fault: "client", frames: [call.frame, reply], slot: null };
});

bad("missing-sequence", "nobody answers", (wire) => {
  const call = wire.connect().call([op.reclaimComplete()]);
  return { severity: "error", fault: "client", frames: [call.frame] };
});

good("missing-sequence", "EXCHANGE_ID, CREATE_SESSION and the like need none", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id).ok();
  session.connection.destroySession(session.id).ok();
  session.connection.destroyClientid(1n).ok();
});

good("missing-sequence", "NFSv4.0 has no sessions", (wire) => {
  wire.connect().call([op.putrootfh(), op.getattr()], { minor: 0 }).ok();
});

bad("not-only-op", "EXCHANGE_ID and more", (wire) => {
  const call = wire.connect().call([exchangeIdStep(), op.putrootfh()]);
  const reply = call.results(NFS4ERR_NOT_ONLY_OP, []);
  return { severity: "error", confidence: "certain", fault: "client", frames: [call.frame, reply], slot: null };
});

bad("not-only-op", "what follows need not be an operation", (wire) => {
  const call = wire.connect().call([exchangeIdStep(), unknownOperation(99)]);
  return { severity: "error", fault: "client", frames: [call.frame, call.fail(NFS4ERR_NOT_ONLY_OP)] };
});

good("not-only-op", "alone, or behind SEQUENCE", (wire) => {
  const session = wire.session();
  session.slot(0).send(1, [exchangeIdStep()]).ok([0, NFS4ERR_DELAY]);
});

bad("bind-in-sequence", "as the second operation", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [bindStep(session)]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, NFS4ERR_NOT_ONLY_OP])],
    slot: 0,
    seq: 1,
  };
});

good("bind-in-sequence", "alone", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id).ok();
});

bad("server-accepted-bad-structure", "an operation outside any session is run", (wire) => {
  const call = wire.session().connection.call([op.putrootfh(), op.getattr()]);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame, call.ok()], slot: null };
});

bad("server-accepted-bad-structure", "a second SEQUENCE is run", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [session.sequence(1, 1), op.putrootfh()]);
  return { severity: "error", fault: "server", frames: [call.frame, call.ok()], slot: 0, seq: 1 };
});

bad("server-accepted-bad-structure", "BIND_CONN_TO_SESSION behind SEQUENCE is only worth a note", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [bindStep(session)]);
  return { severity: "note", fault: "server", frames: [call.frame, call.ok()], slot: 0 };
});

good("server-accepted-bad-structure", "what came before the misplaced SEQUENCE may be run", (wire) => {
  const session = wire.session();
  session
    .slot(0)
    .send(1, [op.putrootfh(), session.sequence(1, 1)])
    .ok([0, 0, NFS4ERR_SEQUENCE_POS]);
});

bad("v40-op", "RENEW", (wire) => {
  const call = wire
    .session()
    .slot(0)
    .send(1, [op.step("RENEW", { clientid: 1n })]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, NFS4ERR_NOTSUPP])],
    slot: 0,
    seq: 1,
  };
});

only(["v40-op"], "at the head it is that, and not a missing SEQUENCE", (wire) => {
  const renew = op.step("RENEW", { clientid: 1n });
  wire.session().connection.call([renew]).fail(NFS4ERR_OP_NOT_IN_SESSION);
});

good("v40-op", "in NFSv4.0", (wire) => {
  wire
    .connect()
    .call([op.step("RENEW", { clientid: 1n })], { minor: 0 })
    .ok();
});

bad("op-beyond-minor", "an operation of NFSv4.2 in NFSv4.1", (wire) => {
  const session = wire.session();
  const seek = op.step("SEEK", { sa_stateid: { seqid: 1, other: new Uint8Array(12) }, sa_offset: 0n, sa_what: 0 });
  const call = session.slot(0).send(1, [op.putfh(), seek, op.getattr()]);
  const results = [resultOf(session.sequence(0, 1)), resultOf(op.putfh()), resultOf(ILLEGAL, NFS4ERR_OP_ILLEGAL)];
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.results(NFS4ERR_OP_ILLEGAL, results)],
    slot: 0,
    seq: 1,
  };
});

bad("op-beyond-minor", "a number that no minor version has", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [unknownOperation(2)]);
  const results = [resultOf(session.sequence(0, 1)), resultOf(ILLEGAL, NFS4ERR_OP_ILLEGAL)];
  return { severity: "error", frames: [call.frame, call.results(NFS4ERR_OP_ILLEGAL, results)], slot: 0 };
});

bad("op-beyond-minor", "sessions in NFSv4.0", (wire) => {
  const call = wire.connect().call([exchangeIdStep()], { minor: 0 });
  const reply = call.results(NFS4ERR_OP_ILLEGAL, [resultOf(ILLEGAL, NFS4ERR_OP_ILLEGAL)]);
  return { severity: "error", fault: "client", frames: [call.frame, reply], slot: null };
});

bad("op-beyond-minor", "extended attributes at a server that does not know them", (wire) => {
  const session = wire.session({ minor: 2 });
  const call = session.slot(0).send(1, [op.putfh(), op.step("GETXATTR", { gxa_name: "user.a" })]);
  const results = [resultOf(session.sequence(0, 1)), resultOf(op.putfh()), resultOf(ILLEGAL, NFS4ERR_OP_ILLEGAL)];
  return {
    severity: "note",
    fault: "none",
    frames: [call.frame, call.results(NFS4ERR_OP_ILLEGAL, results)],
    slot: 0,
  };
});

only(["op-beyond-minor"], "not told as a refusal of the RPC layer as well", (wire) => {
  wire
    .session()
    .slot(0)
    .send(1, [op.putrootfh(), unknownOperation(77)])
    .refuse(4);
});

good("op-beyond-minor", "a file system without extended attributes", (wire) => {
  const session = wire.session({ minor: 2 });
  const getxattr = op.step("GETXATTR", { gxa_name: "user.a" });
  session.slot(0).send(1, [op.putfh(), getxattr]).ok([0, 0, NFS4ERR_NOTSUPP]);
});

good("server-accepted-bad-structure", "a false retry is answered with the original's results", (wire) => {
  const session = wire.session();
  const steps = [op.putrootfh(), op.getattr()];
  session.slot(0).send(1, steps, { cachethis: true }).ok();
  const results = [session.sequence(0, 1), ...steps].map((step) => resultOf(step));
  session
    .slot(0)
    .send(1, [bindStep(session)], { cachethis: true })
    .results(0, results);
});
