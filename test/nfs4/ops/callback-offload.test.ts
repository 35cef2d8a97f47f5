import { CB_OFFLOAD4args } from "../../../src/nfs4/ops/callback-offload.ts";
import { FH, FH_HEX, STATEID, STATEID_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(CB_OFFLOAD4args, [
  {
    name: "copied",
    hex: `${FH_HEX} ${STATEID_HEX} 00000000 00000000 0000000000002000 00000002 ${VERIFIER_HEX}`,
    value: {
      coa_fh: FH,
      coa_stateid: STATEID,
      coa_offload_info: {
        coa_status: 0,
        coa_resok4: { wr_callback_id: [], wr_count: 8192n, wr_committed: 2, wr_writeverf: VERIFIER },
      },
    },
  },
  {
    name: "NFS4ERR_NOSPC after half of it",
    hex: `${FH_HEX} ${STATEID_HEX} 0000001c 0000000000001000`,
    value: { coa_fh: FH, coa_stateid: STATEID, coa_offload_info: { coa_status: 28, coa_bytes_copied: 4096n } },
  },
]);
