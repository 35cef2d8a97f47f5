import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const firstTwo: Probe = {
  id: "first-two",
  title: "A fresh slot does not begin with sequence id 2",
  requires: "SEQ_MISORDERED; the slot stays where it is.",
  rfc: "RFC 8881 §2.10.6.1, §18.46.3",
  async run(bench) {
    const session = await bench.session();
    bench.expect(await session.sequence(2, 0), firstStatus(NFS4ERR_SEQ_MISORDERED));
    await bench.expectNext(session, 0, 1);
  },
};
