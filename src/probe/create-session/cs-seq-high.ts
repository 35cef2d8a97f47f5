import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { createSeq } from "./create-sequence.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

/** From the next sequence id: two beyond the last, and two before it. */
const MISORDERED = [1, -3];

export const csSeqHigh: Probe = {
  id: "cs-seq-high",
  title: "CREATE_SESSION with sequence ids that are too high and too low",
  requires: "SEQ_MISORDERED, before the first session and after it; the next sequence id still succeeds.",
  rfc: "RFC 8881 §18.36.4",
  pynfs: ["CSESS7", "CSESS8"],
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    for (const _ of ["first", "second"]) {
      for (const further of MISORDERED) {
        const { exchange } = await client.createSession(connection, {}, { csa_sequence: createSeq(client, further) });
        bench.expect(exchange, firstStatus(NFS4ERR_SEQ_MISORDERED));
      }
      bench.expect((await client.createSession(connection)).exchange, allOk);
    }
  },
};
