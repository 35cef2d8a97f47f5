import { array, enumeration, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { auth_flavor, component4, qop4, rpc_gss_svc_t, sec_oid4 } from "../types.ts";

export const rpcsec_gss_info = struct("rpcsec_gss_info", { oid: sec_oid4, qop: qop4, service: rpc_gss_svc_t });
export const secinfo4 = union(
  "secinfo4",
  "flavor",
  auth_flavor,
  { RPCSEC_GSS: { flavor_info: rpcsec_gss_info } },
  voidType,
);
export type secinfo4 = ValueOf<typeof secinfo4>;

export const SECINFO4args = struct("SECINFO4args", { name: component4 });
export const SECINFO4resok = array(secinfo4);
export const SECINFO4res = result("SECINFO4res", "status", { resok4: SECINFO4resok });
export type SECINFO4res = ValueOf<typeof SECINFO4res>;

/** The one operation whose argument is an enumeration and no struct. RFC 8881 §18.45.1 */
export const secinfo_style4 = enumeration("secinfo_style4", { SECINFO_STYLE4_CURRENT_FH: 0, SECINFO_STYLE4_PARENT: 1 });
export const SECINFO_NO_NAME4args = secinfo_style4;
export const SECINFO_NO_NAME4res = SECINFO4res;

/** Which security a name or a directory wants. */
export const secinfoOperations = [
  operation({ name: "SECINFO", rfc: "RFC 8881 §18.29", args: SECINFO4args, res: SECINFO4res }),
  operation({
    name: "SECINFO_NO_NAME",
    rfc: "RFC 8881 §18.45",
    args: SECINFO_NO_NAME4args,
    res: SECINFO_NO_NAME4res,
  }),
];
