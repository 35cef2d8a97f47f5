import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus, sequenceOk } from "../answers.ts";
import { getAttr, putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";

export const pipeliningSameSlot: Probe = {
  id: "pipelining-same-slot",
  title: "Two requests of one slot come in one segment",
  requires: "The first is OK; the second is OK when it waits for its turn, else SEQ_MISORDERED or DELAY.",
  rfc: "RFC 8881 §2.10.6.1, §2.10.6.2",
  async run(bench) {
    const session = await bench.session();
    const send = (seq: number) => session.sequence(seq, 0, { cachethis: true }, putRootFh(), getAttr("type"));
    const [first, second] = await Promise.all(session.connection.together(() => [send(1), send(2)] as const));
    bench.expect(first, allOk);
    bench.expect(second, firstStatus(NFS4_OK, NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY));
    await bench.expectNext(session, 0, sequenceOk.fits(second) ? 3 : 2);
  },
};
