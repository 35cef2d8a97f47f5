import { wordView } from "../xdr/word-view.ts";
import type { Compound } from "./compound.ts";

/** Bytes of bulk data that take part; the rest may have been left out by the capture or by us. */
export const PAYLOAD_HASHED_BYTES = 64;

const SEED = 0x9747b28c | 0;
const OTHER_SEED = 0x52dce729;

/** One word; multiplied by the golden ratio and turned, so that every bit reaches every other in a few words. */
function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return (mixed << 13) | (mixed >>> 19);
}

function mixBytes(hash: number, bytes: Uint8Array, from: number, to: number): number {
  const words = wordView(bytes);
  let mixed = hash | 0;
  let other = OTHER_SEED;
  // The offsets come out of Uint32Arrays: without `| 0` the compiled loop counts in floating point, at half the speed.
  let at = from | 0;
  const end = to | 0;
  // Two at a time: the processor mixes the one while it waits for the other.
  for (const pairsEnd = end - 7; at < pairsEnd; at += 8) {
    mixed = mix(mixed, words.getInt32(at));
    other = mix(other, words.getInt32(at + 4));
  }
  mixed = mix(mixed, other);
  for (const wordsEnd = end - 3; at < wordsEnd; at += 4) mixed = mix(mixed, words.getInt32(at));
  // XDR comes in words; a remainder is left only behind the hashed beginning of bulk data.
  for (; at < end; at++) mixed = mix(mixed, bytes[at]);
  return mixed;
}

/** Where a copy goes: `room` words from index `base` on. */
export interface WordRoom {
  readonly words: Int32Array;
  readonly base: number;
  readonly room: number;
}

/**
 * The same, while what is read goes into `copy`, as far as there is room. A copy of its own would cost as much again:
 * the mixing waits for itself, and the processor stores meanwhile.
 */
function mixAndCopyBytes(hash: number, bytes: Uint8Array, from: number, to: number, copy: WordRoom): number {
  const words = wordView(bytes);
  let mixed = hash | 0;
  let other = OTHER_SEED;
  let at = from | 0;
  const { words: into, base, room } = copy;
  let place = base | 0;
  const placeEnd = (base + room) | 0;
  const end = to | 0;
  const pairsEnd = end - 7;
  const roomEnd = Math.min(pairsEnd, from + room * 4 - 7) | 0;
  for (; at < roomEnd; at += 8, place += 2) {
    const word = words.getInt32(at);
    const next = words.getInt32(at + 4);
    into[place] = word;
    into[place + 1] = next;
    mixed = mix(mixed, word);
    other = mix(other, next);
  }
  for (; at < pairsEnd; at += 8) {
    mixed = mix(mixed, words.getInt32(at));
    other = mix(other, words.getInt32(at + 4));
  }
  mixed = mix(mixed, other);
  for (const wordsEnd = end - 3; at < wordsEnd; at += 4, place++) {
    if (place < placeEnd) into[place] = words.getInt32(at);
    mixed = mix(mixed, words.getInt32(at));
  }
  for (; at < end; at++) mixed = mix(mixed, bytes[at]);
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

/** The same of a compound without bulk data, whose operations from `fromOp` on are copied as far as there is room. */
export function fingerprintAndCopy(bytes: Uint8Array, compound: Compound, fromOp: number, copy: WordRoom): number {
  if (fromOp >= compound.count) return finalize(SEED);
  return finalize(mixAndCopyBytes(SEED, bytes, compound.starts[fromOp] - 4, compound.end, copy));
}
