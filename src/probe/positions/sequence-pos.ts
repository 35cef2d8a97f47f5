import { NFS4ERR_SEQUENCE_POS } from "../../nfs4/constants.ts";
import { operationStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";

export const sequencePos: Probe = {
  id: "sequence-pos",
  title: "A second SEQUENCE right behind the first",
  requires: "SEQUENCE_POS on the second; the first has moved the slot by one.",
  rfc: "RFC 8881 §18.46.3, §15.1.3.10",
  pynfs: ["SEQ2"],
  async run(bench) {
    const session = await bench.session();
    const twice = await session.sequence(1, 0, {}, session.sequenceOperation(1, 0));
    bench.expect(twice, operationStatus(1, NFS4ERR_SEQUENCE_POS));
    await bench.expectNext(session, 0, 2);
  },
};
