import {
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_INVAL,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  OP_BIND_CONN_TO_SESSION,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";
import { resultOf } from "../../support/scenario-operations.ts";

const [FORE, BACK, FORE_OR_BOTH, BACK_OR_BOTH] = [1, 2, 3, 7];
const BOTH = 3;
const CONN_BACK_CHAN = 2;

/** A session of a client whose connections have to be bound. */
function guarded(wire: Scenario, enforce = [OP_BIND_CONN_TO_SESSION]): Session {
  const on = wire.connect();
  const { clientId } = on.exchangeId({ protect: 1, enforce });
  const session = on.createSession(clientId);
  session.slot(0).exchange(1);
  return session;
}

bad("conn-not-bound", "the client binds the connection when it is told to", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  const call = session.slot(0).send(2, undefined, { on });
  const frames = [call.frame, call.fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION)];
  on.bind(session.id).ok();
  session.slot(0).exchange(2, 2, undefined, { on });
  return { severity: "note", confidence: "certain", fault: "client", frames, slot: 0, seq: 2 };
});

bad("conn-not-bound", "the client closes the connection", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  const call = session.slot(0).send(2, undefined, { on });
  const frames = [call.frame, call.fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION)];
  on.close();
  return { severity: "note", frames };
});

bad("conn-not-bound", "the client goes on without binding it", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  const refuse = () => {
    const call = session.slot(0).send(2, undefined, { on });
    return [call.frame, call.fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION)];
  };
  const frames = refuse();
  wire.wait(5);
  frames.push(...refuse());
  wire.wait(6);
  session.slot(0).exchange(2);
  wire.wait(2);
  session.slot(0).exchange(3);
  return { severity: "warning", confidence: "certain", fault: "client", frames, occurrences: 1 };
});

good("conn-not-bound", "BIND_CONN_TO_SESSION first", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  on.bind(session.id).ok();
  session.slot(0).exchange(2, 5, undefined, { on });
});

bad("conn-enforcement-missed", "the server lets SEQUENCE pass on a connection that nobody bound", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  const call = session.slot(0).send(2, undefined, { on });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame - 3, call.frame, call.ok()],
    slot: 0,
    seq: 2,
  };
});

good("conn-enforcement-missed", "BIND_CONN_TO_SESSION is not in spo_must_enforce", (wire) => {
  const session = guarded(wire, []);
  session.slot(0).exchange(2, 3, undefined, { on: wire.connect() });
});

good("conn-enforcement-missed", "the connection is older than the capture", (wire) => {
  const session = guarded(wire);
  session.slot(0).exchange(2, 3, undefined, { on: wire.connect(undefined, { handshake: false }) });
});

good("conn-enforcement-missed", "the reply to BIND_CONN_TO_SESSION is behind that to SEQUENCE", (wire) => {
  const session = guarded(wire);
  const on = wire.connect();
  const bind = on.bind(session.id);
  session.slot(0).exchange(2, 2, undefined, { on });
  bind.ok();
});

good("conn-enforcement-missed", "CREATE_SESSION was sent again on a new connection", (wire) => {
  const on = wire.connect();
  const { clientId } = on.exchangeId({ protect: 1, enforce: [OP_BIND_CONN_TO_SESSION] });
  const sessionId = "ab".repeat(16);
  const session = on.createSession(clientId, { sessionId });
  on.close("rst");
  const next = wire.connect();
  next.createSession(clientId, { sessionId });
  session.slot(0).exchange(1, 1, undefined, { on: next });
});

bad("conn-not-bound-sp4-none", "a second connection of a client without state protection", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(2, undefined, { on: wire.connect() });
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION)],
    slot: 0,
    seq: 2,
  };
});

good("conn-not-bound-sp4-none", "the client has state protection", (wire) => {
  const session = guarded(wire);
  session.slot(0).send(2, undefined, { on: wire.connect() }).fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
});

good("conn-not-bound-sp4-none", "DESTROY_SESSION binds nothing", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.connect().destroySession(session.id).fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
});

good("conn-not-bound-sp4-none", "the connection was bound for callbacks only", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  const on = wire.connect();
  on.bind(session.id, BACK).ok();
  session.slot(0).send(1, undefined, { on }).fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
});

bad("bind-result-dir", "FORE answered with BOTH", (wire) => {
  const session = wire.session();
  const call = wire.connect().bind(session.id, FORE, BOTH);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.ok()],
    slot: null,
    seq: null,
  };
});

for (const [wished, granted] of [
  [BACK, FORE],
  [FORE_OR_BOTH, BACK],
  [BACK_OR_BOTH, FORE],
] as const) {
  bad("bind-result-dir", `${wished} answered with ${granted}`, (wire) => {
    wire.connect().bind(wire.session().id, wished, granted).ok();
    return { fault: "server" };
  });
}

for (const [wished, granted] of [
  [FORE, FORE],
  [BACK, BACK],
  [FORE_OR_BOTH, FORE],
  [FORE_OR_BOTH, BOTH],
  [BACK_OR_BOTH, BACK],
  [BACK_OR_BOTH, BOTH],
] as const) {
  good("bind-result-dir", `${wished} answered with ${granted}`, (wire) => {
    wire.connect().bind(wire.session().id, wished, granted).ok();
  });
}

bad("bind-rebind-changed", "the back channel is demanded on a connection of the fore channel", (wire) => {
  const session = wire.session();
  const call = session.connection.bind(session.id, BACK, BACK);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame, call.ok()] };
});

bad("bind-rebind-changed", "less is demanded than the connection has", (wire) => {
  const session = wire.session({ flags: CONN_BACK_CHAN });
  const call = session.connection.bind(session.id, FORE, FORE);
  return { severity: "error", fault: "server", frames: [call.frame, call.ok()] };
});

bad("bind-rebind-changed", "widening is only noted", (wire) => {
  const session = wire.session();
  const call = session.connection.bind(session.id, FORE_OR_BOTH, BOTH);
  return { severity: "note", fault: "none", frames: [call.frame, call.ok()] };
});

good("bind-rebind-changed", "nothing changes", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id, FORE, FORE).ok();
  session.connection.bind(session.id, FORE_OR_BOTH, FORE).ok();
});

good("bind-rebind-changed", "the demand is refused", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id, BACK).fail(NFS4ERR_INVAL);
});

good("bind-rebind-changed", "the connection may have been bound to anything before the capture", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(5, 9);
  session.connection.bind(session.id, BACK, BACK).ok();
});

bad("bind-rebind-refused", "FORE_OR_BOTH on a connection of the fore channel", (wire) => {
  const session = wire.session();
  const call = session.connection.bind(session.id, FORE_OR_BOTH);
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.fail(NFS4ERR_INVAL)],
  };
});

bad("bind-rebind-refused", "the same once more", (wire) => {
  const session = wire.session();
  const on = wire.connect();
  on.bind(session.id, BACK, BACK).ok();
  const call = on.bind(session.id, BACK);
  return { frames: [call.frame, call.fail(NFS4ERR_INVAL)] };
});

good("bind-rebind-refused", "a demand for another channel", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id, BACK_OR_BOTH).fail(NFS4ERR_INVAL);
});

good("bind-rebind-refused", "an undefined direction", (wire) => {
  const session = wire.session();
  session.connection.bind(session.id, 5).fail(NFS4ERR_INVAL);
});

for (const status of [NFS4ERR_NOTSUPP, NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_OP_ILLEGAL]) {
  bad("bind-unsupported", `status ${status}`, (wire) => {
    const session = wire.session();
    const call = wire.connect().bind(session.id);
    const frames = [call.frame, call.fail(status)];
    return { severity: "error", confidence: "certain", fault: "server", frames };
  });
}

bad("bind-unsupported", "no result at all", (wire) => {
  const call = wire.connect().bind(wire.session().id);
  return { frames: [call.frame, call.results(NFS4ERR_OP_NOT_IN_SESSION, [])] };
});

good("bind-unsupported", "it stood behind a SEQUENCE", (wire) => {
  const session = wire.session();
  const steps = session.connection.bind(session.id);
  steps.ok();
  session.slot(0).send(1, steps.steps).ok([0, NFS4ERR_NOT_ONLY_OP]);
});

const backchannelCtl = () => op.step("BACKCHANNEL_CTL", { bca_cb_program: 0x4000_0000, bca_sec_parms: [] });
const setSsv = () =>
  op.step("SET_SSV", { ssa_ssv: new Uint8Array(4), ssa_digest: new Uint8Array(4) }, { ssr_resok4: {} });

bad("required-op-unsupported", "BACKCHANNEL_CTL is answered as if there were no such operation", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1, [backchannelCtl()]);
  const illegal = [resultOf(session.sequence(0, 1)), resultOf(op.step("ILLEGAL"), NFS4ERR_OP_ILLEGAL)];
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.results(NFS4ERR_OP_ILLEGAL, illegal)],
    slot: 0,
    seq: 1,
  };
});

bad("required-op-unsupported", "SET_SSV is only noted", (wire) => {
  const call = wire.session().slot(0).send(1, [setSsv()]);
  return { severity: "note", fault: "server", frames: [call.frame, call.ok([0, NFS4ERR_NOTSUPP])] };
});

bad("required-op-unsupported", "DESTROY_CLIENTID, alone in its compound", (wire) => {
  const session = wire.session();
  const call = session.connection.destroyClientid(1n);
  return { severity: "error", frames: [call.frame, call.fail(NFS4ERR_NOTSUPP)] };
});

good("required-op-unsupported", "a pure data server does without FREE_STATEID", (wire) => {
  const on = wire.connect();
  const session = on.createSession(on.exchangeId({ eirFlags: 0x40000 }).clientId);
  const stateid = { seqid: 1, other: new Uint8Array(12) };
  session
    .slot(0)
    .send(1, [op.step("FREE_STATEID", { fsa_stateid: stateid })])
    .ok([0, NFS4ERR_NOTSUPP]);
});

good("required-op-unsupported", "an operation that servers need not have", (wire) => {
  wire
    .session()
    .slot(0)
    .send(1, [op.step("OPENATTR", { createdir: false })])
    .ok([0, NFS4ERR_NOTSUPP]);
});

bad("required-op-unsupported", "what kind of server it is was not seen", (wire) => {
  const call = wire.adopted().slot(0).send(5, [op.reclaimComplete()]);
  return { severity: "error", confidence: "possible", frames: [call.frame, call.ok([0, NFS4ERR_NOTSUPP])] };
});

only(["required-op-unsupported"], "not told as an unlisted status as well", (wire) => {
  wire.session().slot(0).send(1, [op.reclaimComplete()]).ok([0, NFS4ERR_NOTSUPP]);
});

only(["bind-unsupported"], "not told as an unlisted status as well", (wire) => {
  wire.connect().bind(wire.session().id).fail(NFS4ERR_NOTSUPP);
});
