import { struct, uint32, type ValueOf } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, fattr4, nfsstat4, stateid4 } from "../types.ts";

export const ACCESS4args = struct("ACCESS4args", { access: uint32 });
export const ACCESS4resok = struct("ACCESS4resok", { supported: uint32, access: uint32 });
export const ACCESS4res = result("ACCESS4res", "status", { resok4: ACCESS4resok });

export const GETATTR4args = struct("GETATTR4args", { attr_request: bitmap4 });
export const GETATTR4resok = struct("GETATTR4resok", { obj_attributes: fattr4 });
export const GETATTR4res = result("GETATTR4res", "status", { resok4: GETATTR4resok });
export type GETATTR4res = ValueOf<typeof GETATTR4res>;

export const NVERIFY4args = struct("NVERIFY4args", { obj_attributes: fattr4 });
export const NVERIFY4res = struct("NVERIFY4res", { status: nfsstat4 });
export const VERIFY4args = struct("VERIFY4args", { obj_attributes: fattr4 });
export const VERIFY4res = struct("VERIFY4res", { status: nfsstat4 });

export const SETATTR4args = struct("SETATTR4args", { stateid: stateid4, obj_attributes: fattr4 });
export type SETATTR4args = ValueOf<typeof SETATTR4args>;
/** A struct: what was set is told whatever the status. RFC 8881 §18.30.2 */
export const SETATTR4res = struct("SETATTR4res", { status: nfsstat4, attrsset: bitmap4 });
export type SETATTR4res = ValueOf<typeof SETATTR4res>;

/** Attributes and access rights of an object. */
export const attributeOperations = [
  operation({ name: "ACCESS", rfc: "RFC 8881 §18.1", args: ACCESS4args, res: ACCESS4res }),
  operation({ name: "GETATTR", rfc: "RFC 8881 §18.7", args: GETATTR4args, res: GETATTR4res }),
  operation({ name: "NVERIFY", rfc: "RFC 8881 §18.15", args: NVERIFY4args, res: NVERIFY4res }),
  operation({ name: "SETATTR", rfc: "RFC 8881 §18.30", args: SETATTR4args, res: SETATTR4res }),
  operation({ name: "VERIFY", rfc: "RFC 8881 §18.31", args: VERIFY4args, res: VERIFY4res }),
];
