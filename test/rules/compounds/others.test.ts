import {
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_MDS,
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADXDR,
  NFS4ERR_DELAY,
  NFS4ERR_INVAL,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_NOENT,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";
import { datagram } from "../../support/scenario-datagram.ts";
import { resultOf } from "../../support/scenario-operations.ts";

const openByHandle = () => {
  const open = op.open();
  return op.step("OPEN", { ...(open.args as object), claim: { claim: 4 } }, open.ok);
};

bad("unsafe-compound", "GETFH comes too late", (wire) => {
  const call = wire.session().slot(0).send(1, [op.putfh(), op.open(), op.getattr(), op.getfh()]);
  call.ok();
  return { severity: "warning", confidence: "certain", fault: "client", frames: [call.frame], slot: 0, seq: 1 };
});

bad("unsafe-compound", "GETFH does not come at all", (wire) => {
  const call = wire.session().slot(0).send(1, [op.putfh(), op.mkdir()]);
  call.ok();
  return { severity: "error", fault: "client", frames: [call.frame] };
});

good("unsafe-compound", "GETFH comes at once", (wire) => {
  wire.session().slot(0).exchange(1, 1, [op.putfh(), op.open(), op.getfh(), op.getattr()]);
});

good("unsafe-compound", "who opens by filehandle has it", (wire) => {
  wire.session().slot(0).exchange(1, 1, [op.putfh(), openByHandle(), op.getattr()]);
});

bad("empty-compound", "in minor version 1", (wire) => {
  const call = wire.connect().call([]);
  return { severity: "note", fault: "client", frames: [call.frame, call.ok()], slot: null };
});

good("empty-compound", "in minor version 0", (wire) => {
  wire.connect().call([], { minor: 0 }).ok();
});

bad("minor-version-unsupported", "a server that speaks 4.1 at most", (wire) => {
  const { call } = wire.connect().createSessionCall(1n, { minor: 2 });
  return {
    severity: "note",
    fault: "client",
    frames: [call.frame, call.results(NFS4ERR_MINOR_VERS_MISMATCH, [])],
    slot: null,
  };
});

bad("minor-version-unsupported", "a version that there is not", (wire) => {
  const call = wire.connect().call([op.putrootfh()], { minor: 50 });
  return { severity: "note", frames: [call.frame, call.results(NFS4ERR_MINOR_VERS_MISMATCH, [])] };
});

only([], "the minor version comes before all other errors", (wire) => {
  wire
    .connect()
    .call([op.step("ILLEGAL")], { minor: 50 })
    .results(NFS4ERR_MINOR_VERS_MISMATCH, []);
});

good("minor-version-unsupported", "4.2", (wire) => {
  wire.session({ minor: 2 }).slot(0).exchange(1, 2);
});

bad("minor-version-mixed", "a session of 4.1 in 4.2", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  const call = slot.send(3, undefined, { minor: 2 });
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok()],
    slot: 0,
    seq: 3,
  };
});

bad("minor-version-mixed", "a session of 4.2 is destroyed in 4.1", (wire) => {
  const { connection, id } = wire.session({ minor: 2 });
  const call = connection.destroySession(id, { minor: 1 });
  return { severity: "error", frames: [call.frame, call.ok()] };
});

bad("minor-version-mixed", "a session from before the capture", (wire) => {
  const slot = wire.adopted().slot(0);
  slot.exchange(1);
  const call = slot.send(2, undefined, { minor: 2 });
  return { confidence: "likely", frames: [call.frame, call.ok()] };
});

good("minor-version-mixed", "each version has a session of its own", (wire) => {
  const on = wire.connect();
  wire.session({ on, minor: 1 }).slot(0).exchange(1, 2);
  wire.session({ on, minor: 2, clientId: 7n }).slot(0).exchange(1, 2);
});

good("minor-version-mixed", "another session that went by the same name", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  slot.send(1, undefined, { minor: 2 }).fail(NFS4ERR_BADSESSION);
});

bad("udp-transport", "a COMPOUND", (wire) => {
  const frame = datagram(wire, [op.step("SEQUENCE", sequenceArgs()), op.putrootfh()]);
  return { severity: "error", confidence: "certain", fault: "client", frames: [frame], slot: null };
});

bad("udp-transport", "a CB_COMPOUND", (wire) => {
  const args = {
    csa_sessionid: new Uint8Array(16),
    csa_sequenceid: 1,
    csa_slotid: 0,
    csa_highest_slotid: 0,
    csa_cachethis: false,
    csa_referring_call_lists: [],
  };
  const frame = datagram(wire, [op.step("CB_SEQUENCE", args), op.recallAny()], { isCallback: true });
  return { severity: "error", fault: "server", frames: [frame] };
});

good("udp-transport", "NFSv4.0, which never forbade it so clearly", (wire) => {
  datagram(wire, [op.putrootfh()], { minor: 0 });
});

function sequenceArgs() {
  const sa_sessionid = new Uint8Array(16).fill(3);
  return { sa_sessionid, sa_sequenceid: 1, sa_slotid: 0, sa_highest_slotid: 0, sa_cachethis: false };
}

/** A request that ends in the middle of its last operation, though no capture cut it. */
function garbled(wire: Scenario) {
  const slot = wire.session().slot(0);
  slot.exchange(1, 2);
  return slot.send(3, [op.putfh(), op.lookup("a-long-name")], { chopped: 8 });
}

bad("bad-xdr", "the RPC layer refuses it", (wire) => {
  const call = garbled(wire);
  return { severity: "error", confidence: "certain", fault: "client", frames: [call.frame, call.refuse(4)], slot: 0 };
});

bad("bad-xdr", "the operation is refused", (wire) => {
  const call = garbled(wire);
  return { severity: "error", confidence: "certain", frames: [call.frame, call.ok([0, 0, NFS4ERR_BADXDR])] };
});

bad("bad-xdr", "nobody answers", (wire) => {
  const call = garbled(wire);
  call.connection.close("rst");
  return { severity: "error", confidence: "possible", frames: [call.frame] };
});

bad("bad-xdr", "not even the minor version can be read", (wire) => {
  const call = wire.connect().call([], { tag: "a tag of some length", chopped: 20 });
  return { severity: "error", fault: "client", frames: [call.frame, call.refuse(4)], slot: null };
});

good("bad-xdr", "the server understood it: then it is we who did not", (wire) => {
  garbled(wire).ok([0, 0, NFS4ERR_NOENT]);
});

good("bad-xdr", "the capture ends before it can be answered", (wire) => {
  garbled(wire);
});

only(["bad-xdr"], "not told as a refusal of the RPC layer as well", (wire) => {
  garbled(wire).refuse(4);
});

good("bad-xdr", "the snap length cut it", (wire) => {
  const slot = wire.session().slot(0);
  wire.wire.snapLength = 200;
  slot.send(1, [op.putfh(), op.lookup("n".repeat(200))]).refuse(4);
});

function onDataServer(wire: Scenario, eirFlags = EXCHGID4_FLAG_USE_PNFS_DS) {
  const on = wire.connect();
  return wire.session({ on, clientId: on.exchangeId({ eirFlags }).clientId });
}

bad("ds-op-not-allowed", "GETATTR", (wire) => {
  const call = onDataServer(wire).slot(0).send(1, [op.putfh(), op.getattr()]);
  return {
    severity: "error",
    confidence: "certain",
    fault: "client",
    frames: [call.frame, call.ok([0, 0, NFS4ERR_NOTSUPP])],
    slot: 0,
    seq: 1,
  };
});

bad("ds-op-not-allowed", "RECLAIM_COMPLETE", (wire) => {
  const call = onDataServer(wire).slot(0).send(1, [op.reclaimComplete()]);
  return { severity: "note", fault: "client", frames: [call.frame, call.ok()] };
});

good("ds-op-not-allowed", "I/O", (wire) => {
  const slot = onDataServer(wire).slot(0);
  slot.exchange(1, 2, [op.putfh(), op.read()]);
  slot.exchange(3, 4, [op.putfh(), op.write()]);
});

good("ds-op-not-allowed", "a server with two roles", (wire) => {
  const session = onDataServer(wire, EXCHGID4_FLAG_USE_PNFS_DS | EXCHGID4_FLAG_USE_NON_PNFS);
  session.slot(0).exchange(1, 2, [op.putfh(), op.getattr()]);
});

good("ds-op-not-allowed", "a server that names the role it is asked for each time", (wire) => {
  const on = wire.connect();
  const { clientId } = on.exchangeId({ eirFlags: EXCHGID4_FLAG_USE_PNFS_MDS });
  const session = on.createSession(clientId);
  const eirFlags = (EXCHGID4_FLAG_CONFIRMED_R | EXCHGID4_FLAG_USE_PNFS_DS) >>> 0;
  on.exchangeId({ clientId, flags: EXCHGID4_FLAG_USE_PNFS_DS, eirFlags });
  session.slot(0).exchange(1, 2, [op.putfh(), op.getattr()]);
});

bad("ops-after-error", "the compound goes on", (wire) => {
  const session = wire.session();
  const steps = [op.putfh(), op.lookup(), op.remove()];
  const call = session.slot(0).send(1, steps);
  const statuses = [NFS4_OK, NFS4_OK, NFS4ERR_NOENT, NFS4_OK];
  const results = [session.sequence(0, 1), ...steps].map((step, i) => resultOf(step, statuses[i]));
  return {
    severity: "error",
    confidence: "certain",
    fault: "server",
    frames: [call.frame, call.results(NFS4_OK, results)],
    slot: 0,
    seq: 1,
  };
});

good("ops-after-error", "the error ends it", (wire) => {
  const session = wire.session();
  session.slot(0).send(1, [op.putfh(), op.lookup(), op.remove()]).ok([0, 0, NFS4ERR_DELAY]);
  session.slot(1).send(1, [op.putfh(), op.lookup(), op.remove()]).ok([0, 0, 0, NFS4ERR_INVAL]);
});

only(["minor-version-mixed"], "what the other minor version does not have follows from that", (wire) => {
  const session = wire.session({ minor: 2 });
  const seek = op.step("SEEK", { sa_stateid: { seqid: 1, other: new Uint8Array(12) }, sa_offset: 0n, sa_what: 0 });
  const call = session.slot(0).send(1, [op.putfh(), seek], { minor: 1 });
  const results = [session.sequence(0, 1), op.putfh()].map((step) => resultOf(step));
  call.results(NFS4ERR_OP_ILLEGAL, [...results, resultOf(op.step("ILLEGAL"), NFS4ERR_OP_ILLEGAL)]);
});

only(["v40-op"], "at a data server too", (wire) => {
  onDataServer(wire)
    .slot(0)
    .send(1, [op.step("RENEW", { clientid: 1n })])
    .ok([0, NFS4ERR_NOTSUPP]);
});
