import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const seqPlusTwo: Probe = {
  id: "seq-plus-two",
  title: "A sequence id two ahead is refused",
  requires: "SEQ_MISORDERED; the slot stays where it is.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  pynfs: ["SEQ13"],
  async run(bench) {
    const session = await bench.session();
    bench.expect(await session.sequence(1, 0), allOk);
    bench.expect(await session.sequence(3, 0), firstStatus(NFS4ERR_SEQ_MISORDERED));
    await bench.expectNext(session, 0, 2);
  },
};
