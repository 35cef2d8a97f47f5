import type { Call } from "../session/call.ts";

/** A copy of the request before last that the network, or a merge of captures, delivered late. RULES.md B.1 seq-behind */
export function isLateCopy(call: Call): boolean {
  const older = call.previous?.previous;
  return older != null && older.seq === call.seq && older.xid === call.xid && older.fingerprint === call.fingerprint;
}
