import { array, bool, enumeration, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { fsid4 } from "../attribute-types.ts";
import { layoutiomode4, layouttype4 } from "../layout-types.ts";
import { notify4 } from "../notifications.ts";
import { callbackOperation } from "../operation.ts";
import { length4, nfs_fh4, nfsstat4, offset4, stateid4 } from "../types.ts";

export const layoutrecall_type4 = enumeration("layoutrecall_type4", {
  LAYOUTRECALL4_FILE: 1,
  LAYOUTRECALL4_FSID: 2,
  LAYOUTRECALL4_ALL: 3,
});
export const layoutrecall_file4 = struct("layoutrecall_file4", {
  lor_fh: nfs_fh4,
  lor_offset: offset4,
  lor_length: length4,
  lor_stateid: stateid4,
});
export const layoutrecall4 = union("layoutrecall4", "lor_recalltype", layoutrecall_type4, {
  LAYOUTRECALL4_FILE: { lor_layout: layoutrecall_file4 },
  LAYOUTRECALL4_FSID: { lor_fsid: fsid4 },
  LAYOUTRECALL4_ALL: voidType,
});
export const CB_LAYOUTRECALL4args = struct("CB_LAYOUTRECALL4args", {
  clora_type: layouttype4,
  clora_iomode: layoutiomode4,
  clora_changed: bool,
  clora_recall: layoutrecall4,
});
export type CB_LAYOUTRECALL4args = ValueOf<typeof CB_LAYOUTRECALL4args>;
export const CB_LAYOUTRECALL4res = struct("CB_LAYOUTRECALL4res", { clorr_status: nfsstat4 });

export const CB_NOTIFY_DEVICEID4args = struct("CB_NOTIFY_DEVICEID4args", { cnda_changes: array(notify4) });
export type CB_NOTIFY_DEVICEID4args = ValueOf<typeof CB_NOTIFY_DEVICEID4args>;
export const CB_NOTIFY_DEVICEID4res = struct("CB_NOTIFY_DEVICEID4res", { cndr_status: nfsstat4 });

/** Layouts recalled, devices changed. */
export const callbackLayoutOperations = [
  callbackOperation({
    name: "CB_LAYOUTRECALL",
    rfc: "RFC 8881 §20.3",
    args: CB_LAYOUTRECALL4args,
    res: CB_LAYOUTRECALL4res,
  }),
  callbackOperation({
    name: "CB_NOTIFY_DEVICEID",
    rfc: "RFC 8881 §20.12",
    args: CB_NOTIFY_DEVICEID4args,
    res: CB_NOTIFY_DEVICEID4res,
  }),
];
