import { array, bool, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { callbackOperation } from "../operation.ts";
import { nfsstat4, sequenceid4, sessionid4, slotid4 } from "../types.ts";

export const CB_RECALL_SLOT4args = struct("CB_RECALL_SLOT4args", { rsa_target_highest_slotid: slotid4 });
export const CB_RECALL_SLOT4res = struct("CB_RECALL_SLOT4res", { rsr_status: nfsstat4 });

export const referring_call4 = struct("referring_call4", { rc_sequenceid: sequenceid4, rc_slotid: slotid4 });
export const referring_call_list4 = struct("referring_call_list4", {
  rcl_sessionid: sessionid4,
  rcl_referring_calls: array(referring_call4),
});
export const CB_SEQUENCE4args = struct("CB_SEQUENCE4args", {
  csa_sessionid: sessionid4,
  csa_sequenceid: sequenceid4,
  csa_slotid: slotid4,
  csa_highest_slotid: slotid4,
  csa_cachethis: bool,
  csa_referring_call_lists: array(referring_call_list4),
});
export type CB_SEQUENCE4args = ValueOf<typeof CB_SEQUENCE4args>;
export const CB_SEQUENCE4resok = struct("CB_SEQUENCE4resok", {
  csr_sessionid: sessionid4,
  csr_sequenceid: sequenceid4,
  csr_slotid: slotid4,
  csr_highest_slotid: slotid4,
  csr_target_highest_slotid: slotid4,
});
export const CB_SEQUENCE4res = union(
  "CB_SEQUENCE4res",
  "csr_status",
  nfsstat4,
  { NFS4_OK: { csr_resok4: CB_SEQUENCE4resok } },
  voidType,
);
export type CB_SEQUENCE4res = ValueOf<typeof CB_SEQUENCE4res>;

/** Slots of the back channel. */
export const callbackSessionOperations = [
  callbackOperation({
    name: "CB_RECALL_SLOT",
    rfc: "RFC 8881 §20.8",
    args: CB_RECALL_SLOT4args,
    res: CB_RECALL_SLOT4res,
  }),
  callbackOperation({ name: "CB_SEQUENCE", rfc: "RFC 8881 §20.9", args: CB_SEQUENCE4args, res: CB_SEQUENCE4res }),
];
