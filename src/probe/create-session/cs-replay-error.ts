import { NFS4ERR_CLID_INUSE, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { createSeq } from "./create-sequence.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

export const csReplayError: Probe = {
  id: "cs-replay-error",
  title: "A CREATE_SESSION that failed is sent twice",
  requires: "CLID_INUSE to another user, and the same to the retry; the next sequence id is the right user's.",
  permits: "SEQ_MISORDERED to the retry; a failure that uses no sequence id up, as the RFC only describes one way.",
  rfc: "RFC 8881 §18.36.4",
  pynfs: ["CSESS6"],
  knownDeviations: "DittoFS, nfs4j, buildbarn, nfs-ganesha and older knfsd keep no failure, which is permitted.",
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const asOther = async () =>
      (await client.createSession(connection, {}, {}, { cred: bench.otherCredential })).exchange;
    const inUse = firstStatus(NFS4ERR_CLID_INUSE);
    const misordered = firstStatus(NFS4ERR_SEQ_MISORDERED);
    if (bench.expect(await asOther(), inUse) === "deviates") return;
    bench.expect(await asOther(), inUse, misordered);
    const { exchange } = await client.createSession(connection, {}, { csa_sequence: createSeq(client, 1) });
    if (bench.expect(exchange, allOk, misordered) !== "pass-alternative") return;
    bench.expect((await client.createSession(connection)).exchange, allOk);
  },
};
