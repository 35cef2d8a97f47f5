import { NFS4ERR_BAD_SEQID, NFS4ERR_RESOURCE } from "../../src/nfs4/constants.ts";
import { op } from "../support/scenario.ts";
import { story } from "../support/story.ts";

story(
  "slots are the ceiling of the throughput",
  (wire) => {
    const session = wire.session({ slots: 3 });
    const write = [op.putfh(), op.write()];
    for (let seq = 1; seq <= 10; seq++) {
      const sent = [0, 1, 2].map((slot) => session.slot(slot).send(seq, write, { highest: 2 }));
      wire.wait(2);
      for (const call of sent) call.ok();
    }
  },
  {
    verdict: "No misuse found: 1 session, 30 SEQUENCE calls. 1 note below.",
    accused: [],
    notes: ["slot-starvation: all 3 slots were in use for 20.0 s of 20.0 s (100 %), 10 times, 2.0 s at the longest"],
  },
);

story(
  "FreeBSD b97a4788: the table shrinks and grows again",
  (wire) => {
    const session = wire.session({ slots: 8 });
    const all = [0, 1, 2, 3, 4, 5, 6, 7];
    const sent = all.map((slot) => session.slot(slot).send(1, undefined, { highest: 7 }));
    for (const call of sent) call.ok();
    // The server wants slots back: first it says so, then it takes them.
    session.slot(0).send(2).ok([], { highest: 7, target: 3 });
    session.slot(0).send(3).ok([], { highest: 3 });
    for (const slot of [1, 2, 3]) session.slot(slot).send(2).ok([], { highest: 3 });
    session.slot(0).send(4).ok([], { highest: 3 });
    // It has room again.
    session.slot(0).send(5).ok([], { highest: 7 });
    for (const slot of [4, 5, 6, 7]) session.slot(slot).send(1).ok();
    session.slot(0).exchange(6, 9);
  },
  {
    verdict: "No misuse found: 1 session, 23 SEQUENCE calls. 1 note below.",
    accused: [],
    notes: ["slot-regrant-seq: slot 4, taken away at seq 1 and granted again, started anew at seq 1"],
  },
);

story(
  "DittoFS 2340: limits that are not enforced, and errors that only NFSv4.0 has",
  (wire) => {
    const session = wire.session({ fore: { maxOperations: 4, maxRequestSize: 2000 } });
    session.slot(0).exchange(1, 1, [op.putrootfh(), op.lookup(), op.getfh(), op.getattr(), op.access()]);
    session.slot(0).exchange(2, 2, [op.putfh(), op.write(new Uint8Array(4000))]);
    session.slot(0).send(3, [op.putfh(), op.close()], { cachethis: true }).ok([0, 0, NFS4ERR_BAD_SEQID]);
    session.slot(1).send(1, [op.putfh(), op.read()]).ok([0, 0, NFS4ERR_RESOURCE]);
    session.slot(0).exchange(4, 9);
  },
  {
    verdict: "3 errors and 2 warnings: the client and server are at fault",
    accused: [
      "error client, max-ops-exceeded: 6 operations, where ca_maxoperations is 4; the server answered NFS4_OK",
      "error server, server-accepted-too-many-ops: 6 of 6 operations were run, where ca_maxoperations is 4; the server answered NFS4_OK",
      "error client, request-too-big: the call has 4160 bytes, where ca_maxrequestsize is 2000; the server answered NFS4_OK",
      "warning server, status-not-listed: CLOSE failed with NFS4ERR_BAD_SEQID, which only NFSv4.0 has",
      "warning server, status-not-listed: READ failed with NFS4ERR_RESOURCE, which only NFSv4.0 has",
    ],
    notes: [],
  },
);
