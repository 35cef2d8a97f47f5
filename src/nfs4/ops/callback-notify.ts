import { array, struct, type ValueOf } from "../../xdr/types.ts";
import { notify4 } from "../notifications.ts";
import { callbackOperation } from "../operation.ts";
import { lock_owner4, nfs_fh4, nfsstat4, stateid4 } from "../types.ts";

export const CB_NOTIFY4args = struct("CB_NOTIFY4args", {
  cna_stateid: stateid4,
  cna_fh: nfs_fh4,
  cna_changes: array(notify4),
});
export type CB_NOTIFY4args = ValueOf<typeof CB_NOTIFY4args>;
export const CB_NOTIFY4res = struct("CB_NOTIFY4res", { cnr_status: nfsstat4 });

export const CB_NOTIFY_LOCK4args = struct("CB_NOTIFY_LOCK4args", { cnla_fh: nfs_fh4, cnla_lock_owner: lock_owner4 });
export const CB_NOTIFY_LOCK4res = struct("CB_NOTIFY_LOCK4res", { cnlr_status: nfsstat4 });

/** Changes of directories, locks that may be free. */
export const callbackNotifyOperations = [
  callbackOperation({ name: "CB_NOTIFY", rfc: "RFC 8881 §20.4", args: CB_NOTIFY4args, res: CB_NOTIFY4res }),
  callbackOperation({
    name: "CB_NOTIFY_LOCK",
    rfc: "RFC 8881 §20.11",
    args: CB_NOTIFY_LOCK4args,
    res: CB_NOTIFY_LOCK4res,
  }),
];
