import { NFS4ERR_NOT_ONLY_OP } from "../../nfs4/constants.ts";
import { firstStatus, wholeStatus } from "../answers.ts";
import { putRootFh } from "../operations.ts";
import type { Probe } from "../probe.ts";
import { newClientId } from "./registration.ts";

export const eidNotOnly: Probe = {
  id: "eid-not-only",
  title: "EXCHANGE_ID with company, without SEQUENCE",
  requires: "NOT_ONLY_OP; alone it succeeds.",
  permits: "NOT_ONLY_OP without any result.",
  rfc: "RFC 8881 §18.35.3, §15.1.3.3",
  pynfs: ["EID8"],
  async run(bench) {
    const client = bench.client();
    const connection = await client.connect();
    const company = await client.alone(connection, {}, client.exchangeIdOperation(), putRootFh());
    bench.expect(company, firstStatus(NFS4ERR_NOT_ONLY_OP), wholeStatus(NFS4ERR_NOT_ONLY_OP));
    bench.expect(await client.exchangeId(connection), newClientId());
  },
};
