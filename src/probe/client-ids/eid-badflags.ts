import { EXCHGID4_FLAG_CONFIRMED_R, NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { firstStatus } from "../answers.ts";
import type { Probe } from "../probe.ts";
import { newClientId } from "./registration.ts";

/** In no minor version: 0x4, which some tests take, is SUPP_FENCE_OPS in NFSv4.2. RFC 7862 §14.1 */
const UNDEFINED = [0x0000_0008, 0x0080_0000];

export const eidBadflags: Probe = {
  id: "eid-badflags",
  title: "EXCHANGE_ID with flags that are none, or not the client's",
  requires: "INVAL.",
  permits: "OK to EXCHGID4_FLAG_CONFIRMED_R where that is ignored.",
  rfc: "RFC 8881 §18.35.3",
  pynfs: ["EID4", "EID7"],
  async run(bench) {
    const refused = firstStatus(NFS4ERR_INVAL);
    const ask = async (eia_flags: number) => {
      const client = bench.client();
      return client.exchangeId(await client.connect(), { eia_flags });
    };
    for (const flag of UNDEFINED) bench.expect(await ask(flag), refused);
    bench.expect(await ask(EXCHGID4_FLAG_CONFIRMED_R), refused, newClientId());
  },
};
