import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { previousSeq } from "./create-sequence.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

export const csContrived: Probe = {
  id: "cs-contrived",
  title: "CREATE_SESSION with the sequence id before the first",
  requires: "SEQ_MISORDERED, the contrived result; then eir_sequenceid succeeds.",
  rfc: "RFC 8881 §18.36.4",
  pynfs: ["CSESS4"],
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const csa_sequence = previousSeq(client);
    const { exchange } = await client.createSession(connection, {}, { csa_sequence });
    bench.expect(exchange, firstStatus(NFS4ERR_SEQ_MISORDERED));
    bench.expect((await client.createSession(connection)).exchange, allOk);
  },
};
