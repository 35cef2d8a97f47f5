import { bool, payload, struct, type ValueOf } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { count4, offset4, stateid4, verifier4 } from "../types.ts";
import { stable_how4 } from "../write-response.ts";

export const COMMIT4args = struct("COMMIT4args", { offset: offset4, count: count4 });
export const COMMIT4resok = struct("COMMIT4resok", { writeverf: verifier4 });
export const COMMIT4res = result("COMMIT4res", "status", { resok4: COMMIT4resok });

export const READ4args = struct("READ4args", { stateid: stateid4, offset: offset4, count: count4 });
export type READ4args = ValueOf<typeof READ4args>;
export const READ4resok = struct("READ4resok", { eof: bool, data: payload() });
export const READ4res = result("READ4res", "status", { resok4: READ4resok });
export type READ4res = ValueOf<typeof READ4res>;

export const WRITE4args = struct("WRITE4args", {
  stateid: stateid4,
  offset: offset4,
  stable: stable_how4,
  data: payload(),
});
export type WRITE4args = ValueOf<typeof WRITE4args>;
export const WRITE4resok = struct("WRITE4resok", { count: count4, committed: stable_how4, writeverf: verifier4 });
export const WRITE4res = result("WRITE4res", "status", { resok4: WRITE4resok });
export type WRITE4res = ValueOf<typeof WRITE4res>;

/** Reading and writing through the server. */
export const ioOperations = [
  operation({ name: "COMMIT", rfc: "RFC 8881 §18.3", args: COMMIT4args, res: COMMIT4res }),
  operation({ name: "READ", rfc: "RFC 8881 §18.22", args: READ4args, res: READ4res }),
  operation({ name: "WRITE", rfc: "RFC 8881 §18.32", args: WRITE4args, res: WRITE4res }),
];
