import { wordView } from "../xdr/word-view.ts";
import type { Compound } from "./compound.ts";

/** Bytes of bulk data that take part; the rest may have been left out by the capture or by us. */
export const PAYLOAD_HASHED_BYTES = 64;

const SEED = 0x9747b28c | 0;
const OTHER_SEED = 0x52dce729;

/**
 * One word, as XXH32 takes it in: multiplied before it meets the rest as well as after, or the highest bits of a word
 * would reach the next ones alone, where another difference may undo theirs. The first multiplication waits for nothing.
 */
function mix(hash: number, word: number): number {
  const met = (hash + Math.imul(word, 0x85ebca77)) | 0;
  return Math.imul((met << 13) | (met >>> 19), 0x9e3779b1);
}

function mixBytes(hash: number, bytes: Uint8Array, from: number, to: number): number {
  const words = wordView(bytes);
  let mixed = hash;
  let other = OTHER_SEED;
  let at = from;
  // Two at a time: the processor mixes the one while it waits for the other.
  for (const pairsEnd = to - 7; at < pairsEnd; at += 8) {
    mixed = mix(mixed, words.getInt32(at));
    other = mix(other, words.getInt32(at + 4));
  }
  mixed = mix(mixed, other);
  for (const wordsEnd = to - 3; at < wordsEnd; at += 4) mixed = mix(mixed, words.getInt32(at));
  // XDR comes in words; a remainder is left only behind the hashed beginning of bulk data.
  for (; at < to; at++) mixed = mix(mixed, bytes[at]);
  return mixed;
}

function finalize(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  // Signed: such numbers are stored where they are, unsigned ones above 2^31 each in an object of its own.
  return mixed ^ (mixed >>> 16);
}

/**
 * A 32-bit hash of the operations of a skimmed compound from index `fromOp` on: their numbers and every byte of their
 * arguments or results, except that bulk data counts by its length and its first PAYLOAD_HASHED_BYTES only. So it does
 * not matter whether the data was elided, how TCP cut the record, or at which address it lies. Of a truncated compound
 * (`compound.truncated`) only the complete operations count: compare it with nothing but the same cut.
 */
export function fingerprint(bytes: Uint8Array, compound: Compound, fromOp: number): number {
  if (fromOp >= compound.count) return finalize(SEED);
  // The operation number lies right before the arguments.
  let at = compound.starts[fromOp] - 4;
  const end = compound.end;
  let hash = SEED;
  for (let i = 0; i < compound.payloadCount; i++) {
    const payloadAt = compound.payloadAt[i];
    if (payloadAt < at || payloadAt >= end) continue;
    const length = compound.payloadLength[i];
    hash = mixBytes(hash, bytes, at, payloadAt);
    hash = mixBytes(hash, bytes, payloadAt, payloadAt + Math.min(length, PAYLOAD_HASHED_BYTES));
    at = compound.payloadEnd[i];
  }
  return finalize(mixBytes(hash, bytes, at, end));
}
