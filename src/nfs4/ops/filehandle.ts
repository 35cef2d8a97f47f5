import { struct, type ValueOf, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { nfs_fh4, nfsstat4 } from "../types.ts";

export const GETFH4resok = struct("GETFH4resok", { object: nfs_fh4 });
export const GETFH4res = result("GETFH4res", "status", { resok4: GETFH4resok });
export type GETFH4res = ValueOf<typeof GETFH4res>;

export const PUTFH4args = struct("PUTFH4args", { object: nfs_fh4 });
export type PUTFH4args = ValueOf<typeof PUTFH4args>;
export const PUTFH4res = struct("PUTFH4res", { status: nfsstat4 });
export const PUTPUBFH4res = struct("PUTPUBFH4res", { status: nfsstat4 });
export const PUTROOTFH4res = struct("PUTROOTFH4res", { status: nfsstat4 });
export const RESTOREFH4res = struct("RESTOREFH4res", { status: nfsstat4 });
export const SAVEFH4res = struct("SAVEFH4res", { status: nfsstat4 });

/** What sets, saves and tells the current filehandle. */
export const filehandleOperations = [
  operation({ name: "GETFH", rfc: "RFC 8881 §18.8", args: voidType, res: GETFH4res }),
  operation({ name: "PUTFH", rfc: "RFC 8881 §18.19", args: PUTFH4args, res: PUTFH4res }),
  operation({ name: "PUTPUBFH", rfc: "RFC 8881 §18.20", args: voidType, res: PUTPUBFH4res }),
  operation({ name: "PUTROOTFH", rfc: "RFC 8881 §18.21", args: voidType, res: PUTROOTFH4res }),
  operation({ name: "RESTOREFH", rfc: "RFC 8881 §18.27", args: voidType, res: RESTOREFH4res }),
  operation({ name: "SAVEFH", rfc: "RFC 8881 §18.28", args: voidType, res: SAVEFH4res }),
];
