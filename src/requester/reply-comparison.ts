import { NFS4_OK } from "../nfs4/constants.ts";
import { SEQUENCE4res, SEQUENCE4resok } from "../nfs4/ops/session.ts";
import { type CompoundReply, shortStatus } from "./compound-reply.ts";

const { offsets } = SEQUENCE4resok;
/** Fields of SEQUENCE4resok that a reply from the cache may carry anew. RFC 8881 §2.10.6.1.1 */
const RECOMPUTED = [offsets.sr_highest_slotid, offsets.sr_target_highest_slotid, offsets.sr_status_flags];
const NUMBER_BYTES = 4;
const STATUS_BYTES = 4;

/**
 * How a reply to a retry differs from the original's, in words; null if it does not. The tag and what SEQUENCE may
 * compute anew do not count.
 */
export function replyDifference(original: CompoundReply, retried: CompoundReply): string | null {
  if (original.status !== retried.status) {
    return `status ${shortStatus(retried.status)} instead of ${shortStatus(original.status)}`;
  }
  const { length } = original.results;
  if (length !== retried.results.length) return `${retried.results.length} results instead of ${length}`;
  for (let index = 0; index < length; index++) {
    const { name, status } = original.results[index]!;
    const other = retried.results[index]!;
    if (other.name !== name || other.status !== status) {
      return `${other.name} ${shortStatus(other.status)} instead of ${name} ${shortStatus(status)}`;
    }
    if (!Buffer.from(resultBytes(original, index)).equals(resultBytes(retried, index))) {
      return `another result of ${name}`;
    }
  }
  return original.trouble === retried.trouble ? null : `${retried.trouble ?? "all there"}, not so in the original`;
}

/** The bytes of one result, with the recomputed fields of SEQUENCE blanked. */
function resultBytes(reply: CompoundReply, index: number): Uint8Array {
  const { operation, status, start, end } = reply.results[index]!;
  if (operation.res !== SEQUENCE4res || status !== NFS4_OK) return reply.bytes.subarray(start, end);
  const bytes = reply.bytes.slice(start, end);
  for (const offset of RECOMPUTED) {
    const at = NUMBER_BYTES + STATUS_BYTES + offset;
    bytes.fill(0, at, at + 4);
  }
  return bytes;
}
