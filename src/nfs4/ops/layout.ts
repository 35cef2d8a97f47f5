import { array, bool, enumeration, opaque, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { layout4, layoutiomode4, layouttype4, layoutupdate4 } from "../layout-types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { count4, length4, nfsstat4, nfstime4, offset4, stateid4 } from "../types.ts";

export const newtime4 = union("newtime4", "nt_timechanged", bool, { TRUE: { nt_time: nfstime4 }, FALSE: voidType });
export const newoffset4 = union("newoffset4", "no_newoffset", bool, {
  TRUE: { no_offset: offset4 },
  FALSE: voidType,
});
export const newsize4 = union("newsize4", "ns_sizechanged", bool, { TRUE: { ns_size: length4 }, FALSE: voidType });
export const LAYOUTCOMMIT4args = struct("LAYOUTCOMMIT4args", {
  loca_offset: offset4,
  loca_length: length4,
  loca_reclaim: bool,
  loca_stateid: stateid4,
  loca_last_write_offset: newoffset4,
  loca_time_modify: newtime4,
  loca_layoutupdate: layoutupdate4,
});
export const LAYOUTCOMMIT4resok = struct("LAYOUTCOMMIT4resok", { locr_newsize: newsize4 });
export const LAYOUTCOMMIT4res = result("LAYOUTCOMMIT4res", "locr_status", { locr_resok4: LAYOUTCOMMIT4resok });

export const LAYOUTGET4args = struct("LAYOUTGET4args", {
  loga_signal_layout_avail: bool,
  loga_layout_type: layouttype4,
  loga_iomode: layoutiomode4,
  loga_offset: offset4,
  loga_length: length4,
  loga_minlength: length4,
  loga_stateid: stateid4,
  loga_maxcount: count4,
});
export type LAYOUTGET4args = ValueOf<typeof LAYOUTGET4args>;
export const LAYOUTGET4resok = struct("LAYOUTGET4resok", {
  logr_return_on_close: bool,
  logr_stateid: stateid4,
  logr_layout: array(layout4),
});
export const LAYOUTGET4res = union(
  "LAYOUTGET4res",
  "logr_status",
  nfsstat4,
  {
    NFS4_OK: { logr_resok4: LAYOUTGET4resok },
    NFS4ERR_LAYOUTTRYLATER: { logr_will_signal_layout_avail: bool },
  },
  voidType,
);
export type LAYOUTGET4res = ValueOf<typeof LAYOUTGET4res>;

export const layoutreturn_type4 = enumeration("layoutreturn_type4", {
  LAYOUTRETURN4_FILE: 1,
  LAYOUTRETURN4_FSID: 2,
  LAYOUTRETURN4_ALL: 3,
});
export const layoutreturn_file4 = struct("layoutreturn_file4", {
  lrf_offset: offset4,
  lrf_length: length4,
  lrf_stateid: stateid4,
  lrf_body: opaque(),
});
export const layoutreturn4 = union(
  "layoutreturn4",
  "lr_returntype",
  layoutreturn_type4,
  { LAYOUTRETURN4_FILE: { lr_layout: layoutreturn_file4 } },
  voidType,
);
export const LAYOUTRETURN4args = struct("LAYOUTRETURN4args", {
  lora_reclaim: bool,
  lora_layout_type: layouttype4,
  lora_iomode: layoutiomode4,
  lora_layoutreturn: layoutreturn4,
});
export type LAYOUTRETURN4args = ValueOf<typeof LAYOUTRETURN4args>;
export const layoutreturn_stateid = union("layoutreturn_stateid", "lrs_present", bool, {
  TRUE: { lrs_stateid: stateid4 },
  FALSE: voidType,
});
export const LAYOUTRETURN4res = result("LAYOUTRETURN4res", "lorr_status", { lorr_stateid: layoutreturn_stateid });

/** Getting, committing and returning layouts. */
export const layoutOperations = [
  operation({ name: "LAYOUTCOMMIT", rfc: "RFC 8881 §18.42", args: LAYOUTCOMMIT4args, res: LAYOUTCOMMIT4res }),
  operation({ name: "LAYOUTGET", rfc: "RFC 8881 §18.43", args: LAYOUTGET4args, res: LAYOUTGET4res }),
  operation({ name: "LAYOUTRETURN", rfc: "RFC 8881 §18.44", args: LAYOUTRETURN4args, res: LAYOUTRETURN4res }),
];
