import {
  NFS4ERR_BADSESSION,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
} from "../../../src/nfs4/constants.ts";
import { bad, good, only } from "../../support/rule-stories.ts";
import { op, type Scenario } from "../../support/scenario.ts";

const FIRST = "0x0101010101010101";
const SECOND = "0x0202020202020202";
const LEASE_SECONDS = 90;

bad("confirmed-lost-early", "the old session is gone as soon as EXCHANGE_ID came", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const { call, replyFrame } = wire.connect("10.0.0.3:800").exchangeId({ verifier: SECOND });
  const request = session.slot(0).send(2);
  const frames = [call.frame, replyFrame, request.frame, request.fail(NFS4ERR_BADSESSION)];
  return { severity: "warning", confidence: "certain", fault: "server", frames, slot: 0, seq: 2 };
});

good("confirmed-lost-early", "CREATE_SESSION ended it", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.session({ clientId: session.connection.exchangeId({ verifier: SECOND }).clientId });
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});

good("confirmed-lost-early", "a restart ended it: the connection was lost", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.close("rst");
  const connection = wire.connect();
  connection.exchangeId({ verifier: SECOND });
  session.slot(0).send(2, undefined, { on: connection }).fail(NFS4ERR_BADSESSION);
});

good("confirmed-lost-early", "it lives on", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.exchangeId({ verifier: SECOND });
  session.slot(0).exchange(2);
});

good("confirmed-lost-early", "it lived on, and ends much later", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.connect("10.0.0.3:800").exchangeId({ verifier: SECOND });
  session.slot(0).exchange(2, 5);
  wire.wait(60);
  session.slot(0).send(6).fail(NFS4ERR_BADSESSION);
});

good("confirmed-lost-early", "its lease was over", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.connect("10.0.0.3:800").exchangeId({ verifier: SECOND });
  wire.wait(LEASE_SECONDS + 5);
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});

good("confirmed-lost-early", "another principal took the owner over, which had no state", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.connect("10.0.0.3:800").exchangeId({ verifier: SECOND, uid: 1000 });
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});

only(["confirmed-lost-early"], "not told as a lost session as well", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.connection.exchangeId({ verifier: SECOND });
  session.slot(0).send(2).fail(NFS4ERR_BADSESSION);
});

bad("owner-collision", "CREATE_SESSION by another principal", (wire) => {
  const connection = wire.connect();
  const { call } = connection.createSessionCall(connection.exchangeId().clientId);
  const frames = [call.frame, call.fail(NFS4ERR_CLID_INUSE)];
  return { severity: "warning", confidence: "certain", fault: "client", frames, slot: null };
});

bad("owner-collision", "EXCHANGE_ID by another principal", (wire) => {
  wire.session();
  const { call, replyFrame } = wire.connect("10.0.0.3:800").exchangeId({ uid: 7, status: NFS4ERR_CLID_INUSE });
  return { severity: "warning", fault: "client", frames: [call.frame, replyFrame] };
});

bad("owner-collision", "two hosts take turns", (wire) => {
  const [one, two] = [wire.connect("10.0.0.2:800"), wire.connect("10.0.0.3:800")];
  const first = one.exchangeId({ verifier: FIRST });
  one.createSession(first.clientId);
  const second = two.exchangeId({ verifier: SECOND });
  two.createSession(second.clientId);
  wire.wait(1);
  const { call, replyFrame } = one.exchangeId({ verifier: FIRST });
  const frames = [first.call.frame, second.call.frame, call.frame, replyFrame];
  return { severity: "warning", confidence: "certain", fault: "client", frames };
});

/** Two hosts with one owner come in turns. */
function takeTurns(wire: Scenario, rounds: number): void {
  for (let port = 900; port < 900 + rounds; port++) {
    for (const [host, verifier] of [
      ["10.0.0.2", FIRST],
      ["10.0.0.3", SECOND],
    ]) {
      const on = wire.connect(`${host}:${port}`);
      on.createSession(on.exchangeId({ verifier }).clientId).slot(0).exchange(1, 3);
      wire.wait(2);
    }
  }
}

bad("owner-collision", "all turns are one finding", (wire) => {
  takeTurns(wire, 5);
  return { occurrences: 8 };
});

good("new-clientid-storm", "two hosts with one owner throw each other out", (wire) => takeTurns(wire, 5));

good("owner-collision", "a client reboots, and reboots again", (wire) => {
  for (const verifier of [FIRST, SECOND, "0x0303030303030303"]) {
    const connection = wire.connect();
    connection.createSession(connection.exchangeId({ verifier }).clientId);
    connection.close("rst");
    wire.wait(60);
  }
});

good("owner-collision", "a Linux client has its state dropped and comes back", (wire) => {
  const connection = wire.connect();
  for (const verifier of [FIRST, "0xffffffffffffffff", FIRST])
    connection.createSession(connection.exchangeId({ verifier }).clientId);
});

bad("clientid-unconfirmed-use", "EXCHANGE_ID and nothing more", (wire) => {
  const { call, replyFrame } = wire.connect().exchangeId();
  wire.wait(LEASE_SECONDS + 5);
  wire.connect().call([op.putrootfh()]).ok();
  return { severity: "note", confidence: "certain", fault: "client", frames: [call.frame, replyFrame], slot: null };
});

good("clientid-unconfirmed-use", "the first of the two EXCHANGE_IDs of a mount", (wire) => {
  const connection = wire.connect();
  connection.exchangeId();
  wire.session({ on: connection }).slot(0).exchange(1);
  wire.wait(LEASE_SECONDS + 5);
  connection.call([op.putrootfh()]).ok();
});

good("clientid-unconfirmed-use", "a look for another address of the server", (wire) => {
  const { connection } = wire.session();
  wire.connect(undefined, { server: "10.0.0.9:2049" }).exchangeId({ minorId: 7n });
  wire.wait(LEASE_SECONDS + 5);
  connection.call([op.putrootfh()]).ok();
});

good("clientid-unconfirmed-use", "the capture ends before the lease does", (wire) => {
  wire.connect().exchangeId();
});

/** EXCHANGE_ID and CREATE_SESSION, which gets this answer. */
function cycle(wire: Scenario, status = 0) {
  const connection = wire.connect("10.0.0.2:800");
  const { call, clientId } = connection.exchangeId();
  const sent = connection.createSessionCall(clientId, { sequence: status === 0 ? 1 : 5 });
  const reply = sent.call.ok([status]);
  connection.close();
  return { first: call.frame, call: sent.call.frame, reply };
}

bad("new-clientid-storm", "CREATE_SESSION with a wrong csa_sequence, over and over", (wire) => {
  const cycles = [1, 2, 3, 4].map(() => cycle(wire, NFS4ERR_SEQ_MISORDERED));
  const last = cycles[3]!;
  const frames = [cycles[0]!.first, last.first, last.first + 1, last.call, last.reply];
  return { severity: "warning", fault: "client", frames, slot: null };
});

bad("new-clientid-storm", "each client ID is stale at once", (wire) => {
  for (let i = 0; i < 4; i++) cycle(wire, NFS4ERR_STALE_CLIENTID);
  return { severity: "warning", fault: "server" };
});

bad("new-clientid-storm", "each session dies with its first request", (wire) => {
  const connection = wire.connect();
  for (let i = 0; i < 5; i++) {
    const session = connection.createSession(connection.exchangeId().clientId);
    session.slot(0).send(1).fail(NFS4ERR_BADSESSION);
  }
  return { severity: "warning", fault: "unknown" };
});

good("new-clientid-storm", "three in a minute", (wire) => {
  for (let i = 0; i < 3; i++) cycle(wire);
});

good("new-clientid-storm", "four in two minutes", (wire) => {
  for (let i = 0; i < 4; i++) {
    cycle(wire);
    wire.wait(30);
  }
});

good("new-clientid-storm", "mounts that end in good order", (wire) => {
  for (let i = 0; i < 6; i++) {
    const { connection, id } = wire.session();
    connection.destroySession(id).ok();
  }
});
