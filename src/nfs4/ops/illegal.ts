import { struct, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { nfsstat4 } from "../types.ts";

export const ILLEGAL4res = struct("ILLEGAL4res", { status: nfsstat4 });

/** What a reply calls an operation that is none; whatever the call held there is unknown. */
export const illegalOperations = [
  operation({ name: "ILLEGAL", rfc: "RFC 8881 §18.52", args: voidType, res: ILLEGAL4res }),
];
