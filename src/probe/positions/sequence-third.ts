import { NFS4ERR_SEQUENCE_POS } from "../../nfs4/constants.ts";
import { operationStatus } from "../answers.ts";
import { putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const sequenceThird: Probe = {
  id: "sequence-third",
  title: "A second SEQUENCE behind another operation",
  requires: "SEQUENCE_POS on the third operation; the first has moved the slot by one.",
  rfc: "RFC 8881 §18.46.3, §15.1.3.10",
  async run(bench) {
    const session = await bench.session();
    const late = await session.sequence(1, 0, {}, putRootFh(), session.sequenceOperation(2, 0));
    bench.expect(late, operationStatus(2, NFS4ERR_SEQUENCE_POS));
    await bench.expectNext(session, 0, 2);
  },
};
