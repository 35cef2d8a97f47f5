import {
  NFS4ERR_BADSESSION,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
} from "../../src/nfs4/constants.ts";
import { story } from "../support/story.ts";

story(
  "two clients with one owner string knock each other out",
  (wire) => {
    const lives = ["10.0.0.2", "10.0.0.3"].map((host, index) => ({
      host,
      verifier: `0x${"0".repeat(15)}${index + 1}`,
    }));
    let port = 900;
    for (let round = 0; round < 4; round++) {
      for (const { host, verifier } of lives) {
        const on = wire.connect(`${host}:${port++}`);
        const { clientId } = on.exchangeId({ owner: "Linux NFSv4.1 localhost", verifier });
        const session = on.createSession(clientId);
        session.slot(0).exchange(1, 4);
        wire.wait(3);
      }
    }
  },
  {
    verdict: "1 warning: the client is at fault",
    accused: [
      'warning client, owner-collision: 10.0.0.2 and 10.0.0.3 take turns as owner "Linux NFSv4.1 localhost": verifier 0x0000000000000001 is back after 0x0000000000000002 ×6',
    ],
    notes: [],
  },
);

story(
  "EXCHANGE_ID and CREATE_SESSION in a loop, because csa_sequence is wrong",
  (wire) => {
    const on = wire.connect();
    for (let round = 0; round < 5; round++) {
      const { clientId } = on.exchangeId({ clientId: 7n, sequence: 1 });
      on.createSessionCall(clientId, { sequence: 0 }).call.fail(NFS4ERR_SEQ_MISORDERED);
      wire.wait(5);
    }
  },
  {
    verdict: "1 error and 1 warning: the client is at fault",
    accused: [
      "error client, create-session-first-seq: first CREATE_SESSION of client ID 0x0000000000000007 has csa_sequence 0, EXCHANGE_ID had said 1 ×5",
      'warning client, new-clientid-storm: owner "owner" sent EXCHANGE_ID and CREATE_SESSION 4 times in 15.0 s; the last CREATE_SESSION got NFS4ERR_SEQ_MISORDERED',
    ],
    notes: [],
  },
);

story(
  "a server restart: BADSESSION, STALE_CLIENTID, then all anew",
  (wire) => {
    const session = wire.session();
    for (const slot of [0, 1, 2]) session.slot(slot).exchange(1, 9);
    const waiting = [0, 1, 2].map((slot) => session.slot(slot).send(10));
    session.connection.close("rst");
    wire.wait(20);
    const on = wire.connect();
    for (const { steps } of waiting) {
      const again = on.call(steps);
      again.fail(NFS4ERR_BADSESSION);
    }
    on.createSessionCall(1n, { sequence: 2 }).call.fail(NFS4ERR_STALE_CLIENTID);
    const next = on.createSession(on.exchangeId().clientId);
    next.slot(0).exchange(1, 9);
  },
  {
    verdict: "1 warning and 4 notes: the network's doing, no peer is accused",
    accused: [
      "warning network, conn-reset-with-outstanding: 10.0.0.2:800 > 10.0.0.1:2049 was reset by the client with 3 requests outstanding: slot 0 seq 10 (sent again 20.0 s later: NFS4ERR_BADSESSION), slot 1 seq 10 (sent again 20.0 s later: NFS4ERR_BADSESSION), slot 2 seq 10 (sent again 20.0 s later: NFS4ERR_BADSESSION)",
    ],
    notes: [
      "retry-new-xid: slot 0 seq 10 was sent again with xid 0x00000408, first with 0x00000405",
      "retry-after-disconnect: slot 0: seq 10 was lost with its connection and sent again 20.0 s later; the server answered NFS4ERR_BADSESSION; 3 slots in all: server 10.0.0.1:2049 restarted ×3",
      "badsession-for-live: NFS4ERR_BADSESSION for session 00000000000000000000000000000001, 20.0 s after its last use: all its connections had been lost before, as in a restart",
      "create-session-stale: client ID 0x0000000000000001 is unknown to the server: restart, expired lease or replaced client",
    ],
  },
);

story(
  "DESTROY_SESSION on a connection that is not bound",
  (wire) => {
    const on = wire.connect();
    const session = on.createSession(on.exchangeId({ protect: 1, enforce: [] }).clientId);
    session.slot(0).exchange(1, 5);
    on.close("rst");
    wire.wait(2);
    const other = wire.connect();
    other.destroySession(session.id).fail(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    other.bind(session.id, 3).ok();
    other.destroySession(session.id).ok();
  },
  {
    verdict: "1 error: the client is at fault",
    accused: [
      "error client, destroy-session-unbound-conn: DESTROY_SESSION came on 10.0.0.2:801 > 10.0.0.1:2049, which is not bound to session 00000000000000000000000000000001: NFS4ERR_CONN_NOT_BOUND_TO_SESSION",
    ],
    notes: [],
  },
);
