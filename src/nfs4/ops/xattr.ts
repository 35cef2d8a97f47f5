import { array, bool, enumeration, opaque, struct, type ValueOf } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { change_info4, component4, count4, nfs_cookie4 } from "../types.ts";

export const xattrkey4 = component4;
export const xattrvalue4 = opaque();

export const GETXATTR4args = struct("GETXATTR4args", { gxa_name: xattrkey4 });
export const GETXATTR4res = result("GETXATTR4res", "gxr_status", { gxr_value: xattrvalue4 });

export const setxattr_option4 = enumeration("setxattr_option4", {
  SETXATTR4_EITHER: 0,
  SETXATTR4_CREATE: 1,
  SETXATTR4_REPLACE: 2,
});
export const SETXATTR4args = struct("SETXATTR4args", {
  sxa_option: setxattr_option4,
  sxa_key: xattrkey4,
  sxa_value: xattrvalue4,
});
export type SETXATTR4args = ValueOf<typeof SETXATTR4args>;
export const SETXATTR4res = result("SETXATTR4res", "sxr_status", { sxr_info: change_info4 });

export const LISTXATTRS4args = struct("LISTXATTRS4args", { lxa_cookie: nfs_cookie4, lxa_maxcount: count4 });
export const LISTXATTRS4resok = struct("LISTXATTRS4resok", {
  lxr_cookie: nfs_cookie4,
  lxr_names: array(xattrkey4),
  lxr_eof: bool,
});
export const LISTXATTRS4res = result("LISTXATTRS4res", "lxr_status", { lxr_value: LISTXATTRS4resok });

export const REMOVEXATTR4args = struct("REMOVEXATTR4args", { rxa_name: xattrkey4 });
export const REMOVEXATTR4res = result("REMOVEXATTR4res", "rxr_status", { rxr_info: change_info4 });

/** Extended attributes. */
export const xattrOperations = [
  operation({ name: "GETXATTR", rfc: "RFC 8276 §8.4.1", args: GETXATTR4args, res: GETXATTR4res }),
  operation({ name: "SETXATTR", rfc: "RFC 8276 §8.4.2", args: SETXATTR4args, res: SETXATTR4res }),
  operation({ name: "LISTXATTRS", rfc: "RFC 8276 §8.4.3", args: LISTXATTRS4args, res: LISTXATTRS4res }),
  operation({ name: "REMOVEXATTR", rfc: "RFC 8276 §8.4.4", args: REMOVEXATTR4args, res: REMOVEXATTR4res }),
];
