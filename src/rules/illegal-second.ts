import { isOperation, NFS4ERR_RETRY_UNCACHED_REP, operationClass } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";

/** The minor version does not have the operation, or no longer. */
function isIllegal(operation: number, minorVersion: number): boolean {
  return !isOperation(operation, minorVersion) || operationClass(operation) === "X";
}

/** RETRY_UNCACHED_REP stands on a second operation that the minor version does not have. RFC 8881 §2.10.6.1.3 */
export function isUncachedIllegal({ reply, operations, hasUnknownOperation, truncated, minorVersion }: Call): boolean {
  if (reply === null || reply.truncated || truncated || reply.status !== NFS4ERR_RETRY_UNCACHED_REP) return false;
  const second = reply.results.numbers[1];
  if (second !== undefined) return reply.secondStatus === reply.status && isIllegal(second, minorVersion);
  // Neither the call's second operation nor the reply's has a number that means anything.
  return hasUnknownOperation && operations.numbers.length === 1 && reply.results.numbers.length === 1;
}
