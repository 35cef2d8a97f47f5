import { array, bool, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { device_addr4, layouttype4 } from "../layout-types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, count4, deviceid4, nfs_cookie4, nfsstat4, verifier4 } from "../types.ts";

export const GETDEVICEINFO4args = struct("GETDEVICEINFO4args", {
  gdia_device_id: deviceid4,
  gdia_layout_type: layouttype4,
  gdia_maxcount: count4,
  gdia_notify_types: bitmap4,
});
export const GETDEVICEINFO4resok = struct("GETDEVICEINFO4resok", {
  gdir_device_addr: device_addr4,
  gdir_notification: bitmap4,
});
export const GETDEVICEINFO4res = union(
  "GETDEVICEINFO4res",
  "gdir_status",
  nfsstat4,
  { NFS4_OK: { gdir_resok4: GETDEVICEINFO4resok }, NFS4ERR_TOOSMALL: { gdir_mincount: count4 } },
  voidType,
);
export type GETDEVICEINFO4res = ValueOf<typeof GETDEVICEINFO4res>;

export const GETDEVICELIST4args = struct("GETDEVICELIST4args", {
  gdla_layout_type: layouttype4,
  gdla_maxdevices: count4,
  gdla_cookie: nfs_cookie4,
  gdla_cookieverf: verifier4,
});
export const GETDEVICELIST4resok = struct("GETDEVICELIST4resok", {
  gdlr_cookie: nfs_cookie4,
  gdlr_cookieverf: verifier4,
  gdlr_deviceid_list: array(deviceid4),
  gdlr_eof: bool,
});
export const GETDEVICELIST4res = result("GETDEVICELIST4res", "gdlr_status", { gdlr_resok4: GETDEVICELIST4resok });

/** The devices that layouts point at. */
export const deviceOperations = [
  operation({ name: "GETDEVICEINFO", rfc: "RFC 8881 §18.40", args: GETDEVICEINFO4args, res: GETDEVICEINFO4res }),
  operation({ name: "GETDEVICELIST", rfc: "RFC 8881 §18.41", args: GETDEVICELIST4args, res: GETDEVICELIST4res }),
];
