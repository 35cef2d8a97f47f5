import { NFS4_OK } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";

/**
 * The replier went on with `next`, which came on another connection, so it had finished `call`. A reply that the
 * capture lost and TCP sent again leaves no hole, only a late reply: whoever captures badly elsewhere may have done so here.
 */
export function mayHaveBeenAnswered(call: Call, next: Call): boolean {
  if (next.reply?.sequenceStatus !== NFS4_OK || next.connection === call.connection) return false;
  return call.connection.gapsAround.hasBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}
