import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const seqMinusOne: Probe = {
  id: "seq-minus-one",
  title: "The sequence id before the last is refused",
  requires: "SEQ_MISORDERED; the slot stays where it is.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  pynfs: ["SEQ13"],
  async run(bench) {
    const session = await bench.session();
    bench.expect(await session.sequence(1, 0), allOk);
    bench.expect(await session.sequence(2, 0), allOk);
    bench.expect(await session.sequence(1, 0), firstStatus(NFS4ERR_SEQ_MISORDERED));
    await bench.expectNext(session, 0, 3);
  },
};
