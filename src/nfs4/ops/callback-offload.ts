import { struct, union, type ValueOf } from "../../xdr/types.ts";
import { callbackOperation } from "../operation.ts";
import { length4, nfs_fh4, nfsstat4, stateid4 } from "../types.ts";
import { write_response4 } from "../write-response.ts";

/** A status inside the arguments: the callback tells how the copy ended, not how the callback did. */
export const offload_info4 = union(
  "offload_info4",
  "coa_status",
  nfsstat4,
  { NFS4_OK: { coa_resok4: write_response4 } },
  { coa_bytes_copied: length4 },
);
export const CB_OFFLOAD4args = struct("CB_OFFLOAD4args", {
  coa_fh: nfs_fh4,
  coa_stateid: stateid4,
  coa_offload_info: offload_info4,
});
export type CB_OFFLOAD4args = ValueOf<typeof CB_OFFLOAD4args>;
export const CB_OFFLOAD4res = struct("CB_OFFLOAD4res", { cor_status: nfsstat4 });

/** The end of a copy that the server made on its own. */
export const callbackOffloadOperations = [
  callbackOperation({ name: "CB_OFFLOAD", rfc: "RFC 7862 §16.1", args: CB_OFFLOAD4args, res: CB_OFFLOAD4res }),
];
