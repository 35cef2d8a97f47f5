import { NFS4ERR_CLIENTID_BUSY, NFS4ERR_STALE_CLIENTID } from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario, type Session } from "../../support/scenario.ts";

function mounted(wire: Scenario) {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  const session = connection.createSession(clientId);
  session.slot(0).exchange(1, 1, [op.putrootfh(), op.leaseTime(90)]);
  return { connection, clientId, session };
}

bad("destroy-clientid-busy", "the session lives", (wire) => {
  const { connection, clientId } = mounted(wire);
  const call = connection.destroyClientid(clientId);
  const frames = [call.frame, call.fail(NFS4ERR_CLIENTID_BUSY)];
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: null };
});

bad("destroy-clientid-busy", "behind a SEQUENCE of its own", (wire) => {
  const { session, clientId } = mounted(wire);
  const call = session.slot(0).send(2, [op.step("DESTROY_CLIENTID", { dca_clientid: clientId })]);
  const frames = [call.frame, call.ok([0, NFS4ERR_CLIENTID_BUSY])];
  return { severity: "warning", fault: "client", frames, slot: 0, seq: 2 };
});

bad("destroy-clientid-busy", "state that the capture does not show is only noted", (wire) => {
  const { connection, clientId, session } = mounted(wire);
  connection.destroySession(session.id).ok();
  const call = connection.destroyClientid(clientId);
  return { severity: "note", fault: "none", frames: [call.frame, call.fail(NFS4ERR_CLIENTID_BUSY)] };
});

good("destroy-clientid-busy", "everything in order", (wire) => {
  const { connection, clientId, session } = mounted(wire);
  connection.destroySession(session.id).ok();
  connection.destroyClientid(clientId).ok();
});

good("destroy-clientid-busy", "the server does not know the client ID", (wire) => {
  wire.connect().destroyClientid(7n).fail(NFS4ERR_STALE_CLIENTID);
});

good("destroy-clientid-busy", "behind a SEQUENCE of another client", (wire) => {
  const { session } = mounted(wire);
  const { clientId } = session.connection.exchangeId({ owner: "another" });
  session
    .slot(0)
    .send(2, [op.step("DESTROY_CLIENTID", { dca_clientid: clientId })])
    .ok();
});

bad("destroy-clientid-accepted-busy", "with a session in use", (wire) => {
  const { connection, clientId } = mounted(wire);
  const call = connection.destroyClientid(clientId);
  return { severity: "error", confidence: "certain", fault: "server", frames: [call.frame, call.ok()], slot: null };
});

bad("destroy-clientid-accepted-busy", "behind a SEQUENCE of its own", (wire) => {
  const { session, clientId } = mounted(wire);
  const call = session.slot(0).send(2, [op.step("DESTROY_CLIENTID", { dca_clientid: clientId })]);
  return { severity: "error", fault: "server", frames: [call.frame, call.ok()], slot: 0, seq: 2 };
});

bad("destroy-clientid-accepted-busy", "without a known lease it is likely", (wire) => {
  const connection = wire.connect();
  const { clientId } = connection.exchangeId();
  connection.createSession(clientId).slot(0).exchange(1);
  const call = connection.destroyClientid(clientId);
  return { confidence: "likely", frames: [call.frame, call.ok()] };
});

good("destroy-clientid-accepted-busy", "the lease had run out", (wire) => {
  const { connection, clientId } = mounted(wire);
  wire.wait(91);
  connection.destroyClientid(clientId).ok();
});

good("destroy-clientid-accepted-busy", "the reply to DESTROY_SESSION is on its way", (wire) => {
  const { connection, clientId, session } = mounted(wire);
  const ending = connection.destroySession(session.id);
  wire.connect().destroyClientid(clientId).ok();
  ending.ok();
});

only(["destroy-clientid-accepted-busy", "destroy-clientid-busy"], "each party for its part", (wire) => {
  const { connection, clientId } = mounted(wire);
  connection.destroyClientid(clientId).ok();
});

/** Two servers at one address, each of which gave the same number to a client of its own. */
function atOneAddress(wire: Scenario) {
  const clients = ["one", "two"].map((name, i) => {
    const on = wire.connect(`10.0.0.${i + 2}:800`);
    const { clientId } = on.exchangeId({ owner: name, major: name, clientId: 7n });
    return on.createSession(clientId);
  });
  return clients as [Session, Session];
}

for (const rule of ["destroy-clientid-busy", "destroy-clientid-accepted-busy", "create-session-seq"])
  good(rule, "another server at the same address has a client ID of that number", (wire) => {
    const [{ connection, id }, other] = atOneAddress(wire);
    other.slot(0).exchange(1);
    for (const sequence of [2, 3]) other.connection.createSession(7n, { sequence });
    const { id: second } = connection.createSession(7n, { sequence: 2 });
    for (const each of [id, second]) connection.destroySession(each).ok();
    connection.destroyClientid(7n).ok();
  });
