import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const seqFar: Probe = {
  id: "seq-far",
  title: "Sequence ids half a circle away are refused, as signed numbers too",
  requires: "SEQ_MISORDERED; the slot stays where it is.",
  rfc: "RFC 8881 §2.10.6.1",
  async run(bench) {
    const session = await bench.session();
    bench.expect(await session.sequence(1, 0), allOk);
    for (const far of [0x8000_0001, 0xffff_ffff]) {
      bench.expect(await session.sequence(far, 0), firstStatus(NFS4ERR_SEQ_MISORDERED));
    }
    await bench.expectNext(session, 0, 2);
  },
};
