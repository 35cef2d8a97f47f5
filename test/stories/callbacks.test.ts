import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { op } from "../support/scenario.ts";
import { story } from "../support/story.ts";

const CONN_BACK_CHAN = 2;
const [BOTH, BACK_OR_BOTH] = [3, 7];

story(
  "nfs-ganesha 1360: the server counts on after an error of CB_SEQUENCE",
  (wire) => {
    const session = wire.session({ flags: CONN_BACK_CHAN });
    const { connection } = session;
    connection.callback([session.callbackSequence(0, 1), op.recall()]).ok();
    connection.callback([session.callbackSequence(0, 2), op.recall()]).fail(NFS4ERR_DELAY);
    wire.wait(1);
    for (let seq = 3; seq < 9; seq++) {
      connection.callback([session.callbackSequence(0, seq), op.recall()]).fail(NFS4ERR_SEQ_MISORDERED);
      wire.wait(8);
      session.slot(0).exchange(seq - 2);
    }
  },
  {
    verdict: "2 errors: the server is at fault",
    accused: [
      "error server, backchannel-error-moved-slot: slot 0: seq 2 was refused with NFS4ERR_DELAY, the server went on with 3; the client answered NFS4ERR_SEQ_MISORDERED ×6",
      "error server, backchannel-misordered-loop: slot 0 got NFS4ERR_SEQ_MISORDERED 6 times in 40.0 s, first for seq 3; 1 request lost to it; last good was seq 1 (frame 9), 1.0 s before",
    ],
    notes: [],
  },
);

story(
  "chimera 1090: all callbacks on slot 0, several at once",
  (wire) => {
    const session = wire.session({ flags: CONN_BACK_CHAN, back: { maxRequests: 4 } });
    const { connection } = session;
    for (let seq = 1; seq < 10; seq += 3) {
      const sent = [0, 1, 2].map((i) =>
        connection.callback([session.callbackSequence(0, seq + i), op.recall(Uint8Array.of(i, 0, 0, 1))]),
      );
      for (const call of sent) call.ok();
    }
  },
  {
    verdict: "1 error: the server is at fault",
    accused: [
      "error server, backchannel-slot-reuse-while-outstanding: slot 0: seq 2 was sent while 1 was still unanswered; the client answered NFS4_OK ×6",
    ],
    notes: [],
  },
);

story(
  "FreeBSD 4281bfec: each lost connection costs a callback slot, until there is none left",
  (wire) => {
    const session = wire.session({ flags: CONN_BACK_CHAN, back: { maxRequests: 2 } });
    let on = session.connection;
    let seq = 1;
    for (const slot of [0, 1]) {
      const fh = Uint8Array.of(slot, 0, 0, 1);
      const stateid = { seqid: 1, other: new Uint8Array(12).fill(slot + 1) };
      on.callback([session.callbackSequence(slot, 1, { highest: 1 }), op.recall(fh, stateid)]);
      on.close("rst");
      wire.wait(1);
      on = wire.connect();
      on.bind(session.id, BACK_OR_BOTH, BOTH).ok();
      session.slot(0).exchange(seq, seq++, undefined, { on });
    }
    for (; seq < 12; seq++) {
      wire.wait(20);
      session.slot(0).exchange(seq, seq, undefined, { on });
    }
  },
  {
    verdict: "3 warnings: the server is at fault",
    accused: [
      "warning network, conn-reset-with-outstanding: 10.0.0.2:800 > 10.0.0.1:2049 was reset by the client with 1 request outstanding: callback slot 0 seq 1 (not sent again) ×2",
      "warning server, backchannel-conn-lost-not-retried: slot 0: seq 1 was lost with its connection and not retried in 182.0 s of further use of the session",
      "warning server, backchannel-conn-lost-not-retried: slot 1: seq 1 was lost with its connection and not retried in 181.0 s of further use of the session",
    ],
    notes: [],
  },
);
