import {
  EXCHGID4_FLAG_MASK_PNFS,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_MDS,
} from "../../nfs4/constants.ts";
import type { Probe } from "../probe.ts";
import { newClientId, registrationOf } from "./registration.ts";

/** RFC 8881 §13.1, Table 8. */
const LEGAL_ROLES = [
  EXCHGID4_FLAG_USE_PNFS_MDS,
  EXCHGID4_FLAG_USE_PNFS_MDS | EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_PNFS_DS | EXCHGID4_FLAG_USE_NON_PNFS,
];
/** What a client may ask for; the last two contradict themselves, which is allowed. */
const WISHES = [
  0,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_NON_PNFS | EXCHGID4_FLAG_USE_PNFS_MDS,
  EXCHGID4_FLAG_MASK_PNFS,
];

export const eidBasic: Probe = {
  id: "eid-basic",
  title: "A new client owner gets a client ID",
  requires:
    "A client ID of its own that is not confirmed, and one of the five sets of roles, whichever the client asks for.",
  rfc: "RFC 8881 §13.1, §18.35.3, §18.35.4 case 1",
  pynfs: ["EID1"],
  async run(bench) {
    const seen: bigint[] = [];
    for (const eia_flags of WISHES) {
      const client = bench.client();
      const exchange = await client.exchangeId(await client.connect(), { eia_flags });
      bench.expect(exchange, newClientId(...seen));
      const given = registrationOf(exchange);
      if (given === null) continue;
      seen.push(given.eir_clientid);
      const roles = given.eir_flags & EXCHGID4_FLAG_MASK_PNFS;
      bench.check(LEGAL_ROLES.includes(roles), "one of the five sets of roles", hex(roles));
      const isUpdate = (given.eir_flags & EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) !== 0;
      bench.check(!isUpdate, "EXCHGID4_FLAG_UPD_CONFIRMED_REC_A clear in the result", hex(given.eir_flags));
    }
  },
};

function hex(flags: number): string {
  return `eir_flags 0x${(flags >>> 0).toString(16)}`;
}
