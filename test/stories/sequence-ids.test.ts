import {
  NFS4ERR_DELAY,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../../src/nfs4/constants.ts";
import { op } from "../support/scenario.ts";
import { story } from "../support/story.ts";

story(
  "nfs-ganesha 941: misordered for ever after an address has moved to another node",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 40);
    const lost = session.slot(0).send(41, [op.putfh(), op.write()], { cachethis: true });
    session.connection.close("rst");
    wire.wait(8);
    const on = wire.connect();
    for (let i = 0; i < 9; i++) {
      session.slot(0).send(41, lost.steps.slice(1), { on, cachethis: true }).fail(NFS4ERR_SEQ_MISORDERED);
      wire.wait(5);
    }
  },
  {
    verdict: "1 error, 1 warning and 2 notes: the server is probably at fault",
    accused: [
      "error server, misordered-loop: slot 0 got NFS4ERR_SEQ_MISORDERED 9 times in 40.0 s, first for seq 41; 1 request lost to it; last good was seq 40 (frame 87), 8.0 s before; since then its connection was lost (frame 89), 10.0.0.2:801 > 10.0.0.1:2049 was opened (frame 90)",
      "warning network, conn-reset-with-outstanding: 10.0.0.2:800 > 10.0.0.1:2049 was reset by the client with 1 request outstanding: slot 0 seq 41 (sent again 8.0 s later: NFS4ERR_SEQ_MISORDERED)",
    ],
    notes: [
      "retry-new-xid: slot 0 seq 41 was sent again with xid 0x00000413, first with 0x00000412",
      "retry-after-disconnect: slot 0: seq 41 was lost with its connection and sent again 8.0 s later; the server answered NFS4ERR_SEQ_MISORDERED",
    ],
  },
);

story(
  "nfs-ganesha 841: the same slot and sequence id with another operation",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 20);
    session.slot(0).send(21, [op.putfh(), op.write()], { cachethis: true }).ok();
    session.slot(0).send(21, [op.putfh(), op.remove()], { cachethis: true }).fail(NFS4ERR_SEQ_FALSE_RETRY);
    session.slot(0).exchange(22, 25);
  },
  {
    verdict: "1 error: the client is at fault",
    accused: [
      "error client, false-retry: slot 0: seq 21 carries SEQUENCE PUTFH REMOVE but was used for SEQUENCE PUTFH WRITE before; the server answered NFS4ERR_SEQ_FALSE_RETRY",
    ],
    notes: [],
  },
);

story(
  "nfs-ganesha 842, chimera PR 648: a request on a slot whose last one is still running",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 9);
    const slow = session.slot(0).send(10, [op.putfh(), op.write()]);
    wire.wait(30);
    session.slot(0).send(11).fail(NFS4ERR_DELAY);
    slow.ok();
    session.slot(0).exchange(11, 15);
  },
  {
    verdict: "1 error: the client is at fault",
    accused: [
      "error client, slot-reuse-while-outstanding: slot 0: seq 11 was sent while 10 was still unanswered; the server answered NFS4ERR_DELAY",
    ],
    notes: [],
  },
);

story(
  "nfs-ganesha 1061: the sequence id jumps by two",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 1305);
    session.slot(0).send(1307).fail(NFS4ERR_SEQ_MISORDERED);
  },
  {
    verdict: "1 error: the client is at fault",
    accused: [
      "error client, seq-gap: slot 0 jumped from seq 1305 to 1307, 1 request missing; the server answered NFS4ERR_SEQ_MISORDERED",
    ],
    notes: [],
  },
);

story(
  "Linux: an interrupted call, then other requests with its sequence id",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 6);
    // The process is killed; the server runs its request all the same.
    const killed = session.slot(0).send(7, [op.putfh(), op.write()]);
    wire.wait(2);
    killed.ok();
    session.slot(0).send(7, [op.putfh(), op.getattr()]).fail(NFS4ERR_SEQ_FALSE_RETRY);
    session.slot(0).send(7, [op.putfh(), op.access()]).fail(NFS4ERR_SEQ_FALSE_RETRY);
    session.slot(0).exchange(8, 12);
  },
  {
    verdict: "1 error: the client is at fault",
    accused: [
      "error client, false-retry: slot 0: seq 7 carries SEQUENCE PUTFH GETATTR but was used for SEQUENCE PUTFH WRITE before; the server answered NFS4ERR_SEQ_FALSE_RETRY",
    ],
    notes: [],
  },
);

story(
  "Linux since 5.x: after an interrupted call it finds out where the slot stands",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 6);
    session.slot(0).send(7, [op.putfh(), op.write()]);
    session.connection.close("rst");
    const on = wire.connect();
    session.slot(0).send(8, undefined, { on }).fail(NFS4ERR_SEQ_MISORDERED);
    session.slot(0).send(7, [], { on }).ok();
    session.slot(0).exchange(8, 12, undefined, { on });
  },
  {
    verdict: "1 error and 2 notes: the client is at fault",
    accused: [
      "error client, slot-abandoned-after-disconnect: slot 0: seq 7 was lost with its connection and never retried, 8 came instead; the server answered NFS4ERR_SEQ_MISORDERED",
    ],
    notes: [
      "interrupted-slot-recovery: slot 0: after the unanswered seq 7 the client probes with seq 7; the server answered NFS4_OK",
      "conn-reset-with-outstanding: 10.0.0.2:800 > 10.0.0.1:2049 was reset by the client with 1 request outstanding: slot 0 seq 7 (sent again 0.6 ms later: NFS4_OK)",
    ],
  },
);

story(
  "chimera 1381 and PR 748: a SEQUENCE error that moves the slot, and every WRITE after it is lost",
  (wire) => {
    const session = wire.session();
    const write = [op.putfh(), op.write()];
    session.slot(0).exchange(1, 20, write);
    session.slot(0).send(21, write).fail(NFS4ERR_DELAY);
    wire.wait(0.1);
    // Every WRITE is another one; the client gives each of them the sequence id that it believes to be free.
    for (let i = 0; i < 40; i++) {
      const another = [op.putfh(), op.write(new Uint8Array(9 + i))];
      session.slot(0).send(21, another).ok([0, NFS4ERR_RETRY_UNCACHED_REP]);
      wire.wait(1);
    }
  },
  {
    verdict: "2 errors and 1 note: the client and server are at fault",
    accused: [
      "error server, seq-error-moved-slot: slot 0: seq 21 was refused with NFS4ERR_DELAY, but then seq 21 was treated as a retry",
      "error client, false-retry: slot 0: seq 21 was used for SEQUENCE PUTFH WRITE before, and comes with other arguments: write.data was 9 bytes, 0x000000000000000000, now 10 bytes, 0x00000000000000000000; the server answered NFS4_OK, then NFS4ERR_RETRY_UNCACHED_REP ×39",
    ],
    notes: ["false-retry-undetected: slot 0: another request under seq 21 got the reply to the first ×39"],
  },
);

story(
  "copies in flight across two lost connections",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 4);
    const steps = [op.putfh(), op.write()];
    const first = session.slot(0).send(5, steps, { cachethis: true });
    session.connection.close("rst");
    const second = wire.connect();
    const copy = { cachethis: true, xid: first.xid };
    session.slot(0).send(5, steps, { ...copy, on: second });
    second.close("rst");
    const third = wire.connect();
    session
      .slot(0)
      .send(5, steps, { ...copy, on: third })
      .ok();
    session.slot(0).exchange(6, 6, undefined, { on: third });
    // A copy that a router had kept for a second.
    wire.wait(1);
    session
      .slot(0)
      .send(5, steps, { ...copy, on: third })
      .fail(NFS4ERR_SEQ_MISORDERED);
    session.slot(0).exchange(7, 9, undefined, { on: third });
  },
  {
    verdict: "No misuse found: 1 session, 12 SEQUENCE calls. 3 notes below.",
    accused: [],
    notes: [
      "retry-after-disconnect: slot 0: seq 5 was lost with its connection and sent again 0.4 ms later; no answer was seen ×2",
      "conn-reset-with-outstanding: 10.0.0.2:800 > 10.0.0.1:2049 was reset by the client with 1 request outstanding: slot 0 seq 5 (sent again 0.4 ms later: NFS4_OK) ×2",
      "late-duplicate: slot 0 got seq 5 (xid 0x000003ee) once more after it was superseded; the server answered NFS4ERR_SEQ_MISORDERED",
    ],
  },
);
