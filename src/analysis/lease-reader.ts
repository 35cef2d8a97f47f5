import type { Compound } from "../nfs4/compound.ts";
import { OP_GETATTR } from "../nfs4/constants.ts";
import { attributeOf } from "../nfs4/fattr.ts";
import { decodeAs } from "../nfs4/fields.ts";
import { GETATTR4res } from "../nfs4/ops/attributes.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";

/** Attribute 10, lease_time. RFC 8881 §5.8.1.11 */
const FATTR4_LEASE_TIME = 10;
/** A server that says more than this is not believed. */
const LEASE_SECONDS_MAX = 86_400;

/** Takes lease_time from a GETATTR result that has it. RFC 8881 §5.8.1.11 */
export function learnLease(server: ObservedServer, compound: Compound, cursor: Cursor): void {
  for (let i = 0; i < compound.count; i++) {
    if (compound.ops[i] !== OP_GETATTR || !asksForLease(cursor.bytes, compound.starts[i]!, compound.ends[i]!)) continue;
    const seconds = readLease(compound, i, cursor);
    if (seconds !== undefined && seconds > 0 && seconds <= LEASE_SECONDS_MAX) server.leaseSeconds = seconds;
  }
}

/** Status NFS4_OK, then a bitmap whose first word has the bit: a cheap look before decoding. */
function asksForLease(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 12) return false;
  const isOk = (bytes[start]! | bytes[start + 1]! | bytes[start + 2]! | bytes[start + 3]!) === 0;
  const hasWord = bytes[start + 7] !== 0;
  return isOk && hasWord && (bytes[start + 10]! & (1 << (FATTR4_LEASE_TIME - 8))) !== 0;
}

function readLease(compound: Compound, index: number, cursor: Cursor): number | undefined {
  try {
    const fattr = decodeAs(GETATTR4res, compound, index, cursor).resok4?.obj_attributes;
    return fattr === undefined ? undefined : attributeOf(fattr, FATTR4_LEASE_TIME);
  } catch (error) {
    if (error instanceof XdrError) return undefined;
    throw error;
  }
}
