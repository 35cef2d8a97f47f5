import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { firstStatus, wholeStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const firstZero: Probe = {
  id: "first-zero",
  title: "Sequence id 0 on a fresh slot meets the contrived reply",
  requires: "SEQ_MISORDERED; the slot stays fresh, so that 1 succeeds next.",
  permits: "The contrived reply without any result, as it is entered in the reply cache.",
  rfc: "RFC 8881 §18.36.4 phase 4",
  knownDeviations: "DittoFS and nfs-ganesha answer NFS4ERR_RETRY_UNCACHED_REP, nfs4j succeeds.",
  async run(bench) {
    const session = await bench.session();
    const zero = await session.sequence(0, 0);
    bench.expect(zero, firstStatus(NFS4ERR_SEQ_MISORDERED), wholeStatus(NFS4ERR_SEQ_MISORDERED));
    await bench.expectNext(session, 0, 1);
  },
};
