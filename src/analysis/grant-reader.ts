import type { Compound } from "../nfs4/compound.ts";
import { NFS4_OK, OP_GET_DIR_DELEGATION, OP_LAYOUTGET, OP_OPEN, OP_WANT_DELEGATION } from "../nfs4/constants.ts";
import { u32 } from "../rpc/u32.ts";
import type { Call } from "../session/call.ts";
import type { FactSink } from "../session/facts.ts";
import { hexOf } from "./session-ids.ts";

const STATUS_BYTES = 4;
/** seqid of a stateid, in front of what tells it from others. RFC 8881 §8.2.2 */
const SEQID_BYTES = 4;
const OTHER_BYTES = 12;
/** "When such a set of locks is first created, the server returns a stateid with seqid value of one." RFC 8881 §8.2.2 */
const FIRST_SEQID = 1;
/** OPEN4resok up to attrset: stateid, change_info4, rflags. RFC 8881 §18.16.2 */
const BEFORE_ATTRSET_BYTES = SEQID_BYTES + OTHER_BYTES + 20 + 4;
/** gddr_cookieverf behind the second status of GET_DIR_DELEGATION. RFC 8881 §18.39.2 */
const VERIFIER_BYTES = 8;
/** Longer bitmaps are made up. */
const BITMAP_WORDS_MAX = 16;

/** open_delegation_type4 without a delegation. RFC 8881 §18.16.2 */
const OPEN_DELEGATE_NONE = 0;
const OPEN_DELEGATE_NONE_EXT = 3;
/** why_no_delegation4 with a promise to come back. RFC 8881 §18.16.2 */
const WND4_CONTENTION = 1;
const WND4_RESOURCE = 2;

/** Tells of delegations and layouts that a reply hands out, read at their places: most replies to OPEN hold none. */
export function tellGrants(
  call: Call,
  { count, ops, statuses, starts, ends }: Compound,
  bytes: Uint8Array,
  emit: FactSink,
) {
  for (let index = 0; index < count; index++) {
    if (statuses[index] !== NFS4_OK) return;
    const body = starts[index]! + STATUS_BYTES;
    const end = ends[index]!;
    if (ops[index] === OP_OPEN) afterAttrset(call, bytes, body + BEFORE_ATTRSET_BYTES, end, emit);
    else if (ops[index] === OP_WANT_DELEGATION) delegation(call, bytes, body, end, emit);
    else if (ops[index] === OP_LAYOUTGET) granted(call, "layout", bytes, body + 4, end, emit);
    else if (ops[index] === OP_GET_DIR_DELEGATION && u32(bytes, body) === NFS4_OK)
      granted(call, "delegation", bytes, body + 4 + VERIFIER_BYTES, end, emit);
  }
}

function afterAttrset(call: Call, bytes: Uint8Array, at: number, end: number, emit: FactSink): void {
  if (at + 4 > end) return;
  const words = u32(bytes, at);
  if (words <= BITMAP_WORDS_MAX) delegation(call, bytes, at + 4 + 4 * words, end, emit);
}

/** open_delegation4 */
function delegation(call: Call, bytes: Uint8Array, at: number, end: number, emit: FactSink): void {
  if (at + 4 > end) return;
  const type = u32(bytes, at);
  if (type === OPEN_DELEGATE_NONE) return;
  if (type !== OPEN_DELEGATE_NONE_EXT) granted(call, "delegation", bytes, at + 4, end, emit);
  else if (at + 12 <= end && isPromise(u32(bytes, at + 4), u32(bytes, at + 8))) emit("delegation-promised", { call });
}

function isPromise(why: number, will: number): boolean {
  return (why === WND4_CONTENTION || why === WND4_RESOURCE) && will !== 0;
}

function granted(
  call: Call,
  kind: "delegation" | "layout",
  bytes: Uint8Array,
  stateid: number,
  end: number,
  emit: FactSink,
): void {
  const other = stateid + SEQID_BYTES;
  if (other + OTHER_BYTES > end) return;
  const isNew = u32(bytes, stateid) <= FIRST_SEQID;
  emit("state-granted", { call, kind, stateid: hexOf(bytes.subarray(other, other + OTHER_BYTES)), isNew });
}
