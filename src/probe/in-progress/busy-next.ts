import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { SEQUENCE4res } from "../../nfs4/ops/session.ts";
import { allOk, firstStatus, sameReplyAs, sequenceOk } from "../answers.ts";
import { createDirectory, putFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { races, SLOW_WISHES } from "./races.ts";

export const busyNext: Probe = {
  id: "busy-next",
  title: "The next sequence id comes while the last request still runs",
  requires:
    "No answer is named: SEQ_MISORDERED or DELAY; nothing is executed twice, and each request gets its own reply.",
  permits: "OK, after the last request or beside it.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.2",
  writes: true,
  async run(bench) {
    const { client, session } = await bench.clientWithSession(SLOW_WISHES);
    const connection = await client.connect();
    const holder = await witness(bench);
    const next = (seq: number) => {
      const make = createDirectory(`next-${seq}`);
      return session.sequence(seq + 1, 0, { cachethis: true, connection }, putFh(holder.directory), make);
    };
    for await (const race of races(bench, { session, holder, step: 2 }, next)) {
      const { seq, operations, slow, second, isHeld } = race;
      const isRefused = !sequenceOk.fits(second);
      if (!isHeld && !isRefused) continue;
      bench.expect(second, firstStatus(NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY), allOk);
      const echo = slow.result(SEQUENCE4res)?.sr_resok4?.sr_sequenceid;
      bench.check(echo === seq, `the slow request gets the reply to sequence id ${seq}`, slow.text);
      if (isRefused) {
        bench.expect(await session.sequence(seq, 0, { cachethis: true }, ...operations), sameReplyAs(slow));
        bench.expect(await next(seq), allOk);
      } else {
        bench.expect(await next(seq), sameReplyAs(second));
      }
      await bench.expectNext(session, 0, seq + 2);
      return;
    }
    bench.inconclusive("the next request always succeeded: the server had finished the last one, or waits for it");
  },
};
