import { bool, linkedList, struct, type ValueOf } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, component4, count4, fattr4, nfs_cookie4, verifier4 } from "../types.ts";

export const READDIR4args = struct("READDIR4args", {
  cookie: nfs_cookie4,
  cookieverf: verifier4,
  dircount: count4,
  maxcount: count4,
  attr_request: bitmap4,
});
export type READDIR4args = ValueOf<typeof READDIR4args>;

/** Without its `nextentry`: the list below is the chain. */
export const entry4 = struct("entry4", { cookie: nfs_cookie4, name: component4, attrs: fattr4 });
export type entry4 = ValueOf<typeof entry4>;
export const dirlist4 = struct("dirlist4", { entries: linkedList(entry4), eof: bool });
export const READDIR4resok = struct("READDIR4resok", { cookieverf: verifier4, reply: dirlist4 });
export const READDIR4res = result("READDIR4res", "status", { resok4: READDIR4resok });
export type READDIR4res = ValueOf<typeof READDIR4res>;

/** Reading directories. */
export const readdirOperations = [
  operation({ name: "READDIR", rfc: "RFC 8881 §18.23", args: READDIR4args, res: READDIR4res }),
];
