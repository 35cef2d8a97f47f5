import { NFS4ERR_STALE_CLIENTID } from "../../nfs4/constants.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

const CLIENT_ID_BYTES = 8;

export const csStale: Probe = {
  id: "cs-stale",
  title: "CREATE_SESSION for a client ID that nobody has",
  requires: "STALE_CLIENTID.",
  rfc: "RFC 8881 §18.36.4 phase 1, §15.1.13.5",
  pynfs: ["CSESS3"],
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const csa_clientid = Buffer.from(bench.settings.random(CLIENT_ID_BYTES)).readBigUInt64BE();
    const { exchange } = await client.createSession(connection, {}, { csa_clientid });
    bench.expect(exchange, firstStatus(NFS4ERR_STALE_CLIENTID));
    bench.expect((await client.createSession(connection)).exchange, allOk);
  },
};
