import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sequenceOk } from "../answers.ts";
import { createDirectory, putFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { witness } from "../witness.ts";
import { BREAKS_AFTER_MILLIS, loseReply, untilDone } from "./lost-reply.ts";

export const connLossThenNew: Probe = {
  id: "conn-loss-then-new",
  title: "The connection breaks before the reply, and the next request follows on another",
  requires:
    "OK where the request that was lost had arrived, and then it was executed; SEQ_MISORDERED where not, and then it is executed when it comes again.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.2, §18.46.3",
  writes: true,
  async run(bench) {
    const { client, session } = await bench.clientWithSession();
    const onlooker = await witness(bench);
    const names: string[] = [];
    let seq = 1;
    for (const millis of BREAKS_AFTER_MILLIS) {
      const name = `made-${seq}`;
      const operations = [putFh(onlooker.directory), createDirectory(name)];
      await loseReply(bench, { client, session }, millis, seq, operations);
      const next = await untilDone(bench, () => session.sequence(seq + 1, 0));
      bench.expect(next, firstStatus(NFS4_OK, NFS4ERR_SEQ_MISORDERED));
      const hadArrived = sequenceOk.fits(next);
      await onlooker.expectNames(`after ${next.text}`, ...names, ...(hadArrived ? [name] : []));
      if (!hadArrived) {
        bench.expect(await session.sequence(seq, 0, { cachethis: true }, ...operations), allOk);
        await bench.expectNext(session, 0, seq + 1);
      }
      names.push(name);
      seq += 2;
    }
  },
};
