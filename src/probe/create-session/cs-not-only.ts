import { NFS4ERR_NOT_ONLY_OP } from "../../nfs4/constants.ts";
import { allOk, firstStatus, wholeStatus } from "../answers.ts";
import { putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { unconfirmedClient } from "./unconfirmed-client.ts";

export const csNotOnly: Probe = {
  id: "cs-not-only",
  title: "CREATE_SESSION with company, without SEQUENCE",
  requires: "NOT_ONLY_OP; alone it succeeds.",
  permits: "NOT_ONLY_OP without any result.",
  rfc: "RFC 8881 §18.36.3, §15.1.3.3",
  pynfs: ["CSESS23"],
  async run(bench) {
    const { client, connection } = await unconfirmedClient(bench);
    const company = await client.alone(connection, {}, client.createSessionOperation(), putRootFh());
    bench.expect(company, firstStatus(NFS4ERR_NOT_ONLY_OP), wholeStatus(NFS4ERR_NOT_ONLY_OP));
    bench.expect((await client.createSession(connection)).exchange, allOk);
  },
};
