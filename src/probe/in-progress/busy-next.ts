import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { SEQUENCE4res } from "../../nfs4/ops/session.ts";
import { allOk, firstStatus, sameReplyAs, sequenceOk } from "../answers.ts";
import type { Exchange } from "../exchange.ts";
import { createDirectory, putFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { races, SLOW_WISHES } from "./races.ts";

const REFUSAL = firstStatus(NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY);

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
    let refused: Exchange | null = null;
    for await (const race of races(bench, { session, holder, connection, step: 2 }, next)) {
      const { seq, operations, slow, second, isHeld, isOvertaken } = race;
      const isRefused = !sequenceOk.fits(second);
      const echo = slow.result(SEQUENCE4res)?.sr_resok4?.sr_sequenceid;
      bench.check(echo === seq, `the slow request gets the reply to sequence id ${seq}`, slow.text);
      if (isRefused) {
        refused = second;
        bench.expect(await session.sequence(seq, 0, { cachethis: true }, ...operations), sameReplyAs(slow));
        bench.expect(await next(seq), allOk);
      }
      // Where nothing is held up, SEQ_MISORDERED may also mean that the next request was faster than the slow one.
      if (!isHeld && (isRefused || !isOvertaken)) continue;
      bench.expect(second, REFUSAL, allOk);
      if (!isRefused) bench.expect(await next(seq), sameReplyAs(second));
      await bench.expectNext(session, 0, seq + 2);
      return;
    }
    if (refused !== null) bench.expect(refused, REFUSAL);
    else bench.inconclusive("all requests were too fast: each was answered before the next can be said to have come");
  },
};
