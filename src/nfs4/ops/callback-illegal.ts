import { struct, voidType } from "../../xdr/types.ts";
import { callbackOperation } from "../operation.ts";
import { nfsstat4 } from "../types.ts";

export const CB_ILLEGAL4res = struct("CB_ILLEGAL4res", { status: nfsstat4 });

/** What a reply calls a callback operation that is none. */
export const callbackIllegalOperations = [
  callbackOperation({ name: "CB_ILLEGAL", rfc: "RFC 8881 §20.13", args: voidType, res: CB_ILLEGAL4res }),
];
