import { bool, struct, uint32, type ValueOf } from "../../xdr/types.ts";
import { open_delegation4 } from "../open-delegation.ts";
import { callbackOperation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, fattr4, nfs_fh4, nfsstat4, stateid4 } from "../types.ts";

export const CB_GETATTR4args = struct("CB_GETATTR4args", { fh: nfs_fh4, attr_request: bitmap4 });
export const CB_GETATTR4resok = struct("CB_GETATTR4resok", { obj_attributes: fattr4 });
export const CB_GETATTR4res = result("CB_GETATTR4res", "status", { resok4: CB_GETATTR4resok });

export const CB_RECALL4args = struct("CB_RECALL4args", { stateid: stateid4, truncate: bool, fh: nfs_fh4 });
export type CB_RECALL4args = ValueOf<typeof CB_RECALL4args>;
export const CB_RECALL4res = struct("CB_RECALL4res", { status: nfsstat4 });

export const CB_PUSH_DELEG4args = struct("CB_PUSH_DELEG4args", { cpda_fh: nfs_fh4, cpda_delegation: open_delegation4 });
export const CB_PUSH_DELEG4res = struct("CB_PUSH_DELEG4res", { cpdr_status: nfsstat4 });

export const CB_RECALL_ANY4args = struct("CB_RECALL_ANY4args", {
  craa_objects_to_keep: uint32,
  craa_type_mask: bitmap4,
});
export const CB_RECALL_ANY4res = struct("CB_RECALL_ANY4res", { crar_status: nfsstat4 });

/** The same struct as CB_RECALL_ANY's. RFC 8881 §20.7.1 */
export const CB_RECALLABLE_OBJ_AVAIL4args = CB_RECALL_ANY4args;
export const CB_RECALLABLE_OBJ_AVAIL4res = struct("CB_RECALLABLE_OBJ_AVAIL4res", { croa_status: nfsstat4 });

export const CB_WANTS_CANCELLED4args = struct("CB_WANTS_CANCELLED4args", {
  cwca_contended_wants_cancelled: bool,
  cwca_resourced_wants_cancelled: bool,
});
export const CB_WANTS_CANCELLED4res = struct("CB_WANTS_CANCELLED4res", { cwcr_status: nfsstat4 });

/** Delegations recalled, offered and looked into. */
export const callbackDelegationOperations = [
  callbackOperation({ name: "CB_GETATTR", rfc: "RFC 8881 §20.1", args: CB_GETATTR4args, res: CB_GETATTR4res }),
  callbackOperation({ name: "CB_RECALL", rfc: "RFC 8881 §20.2", args: CB_RECALL4args, res: CB_RECALL4res }),
  callbackOperation({
    name: "CB_PUSH_DELEG",
    rfc: "RFC 8881 §20.5",
    args: CB_PUSH_DELEG4args,
    res: CB_PUSH_DELEG4res,
  }),
  callbackOperation({
    name: "CB_RECALL_ANY",
    rfc: "RFC 8881 §20.6",
    args: CB_RECALL_ANY4args,
    res: CB_RECALL_ANY4res,
  }),
  callbackOperation({
    name: "CB_RECALLABLE_OBJ_AVAIL",
    rfc: "RFC 8881 §20.7",
    args: CB_RECALLABLE_OBJ_AVAIL4args,
    res: CB_RECALLABLE_OBJ_AVAIL4res,
  }),
  callbackOperation({
    name: "CB_WANTS_CANCELLED",
    rfc: "RFC 8881 §20.10",
    args: CB_WANTS_CANCELLED4args,
    res: CB_WANTS_CANCELLED4res,
  }),
];
