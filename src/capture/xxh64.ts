/** XXH64 with seed 0, for the checksums of zstd frames (RFC 8878 section 3.1.1): streaming, 64 bits as two words. */

const MASK = (1n << 64n) - 1n;
const PRIME1 = 0x9e3779b185ebca87n;
const PRIME2 = 0xc2b2ae3d27d4eb4fn;
const PRIME3 = 0x165667b19e3779f9n;
const PRIME4 = 0x85ebca77c2b2ae63n;
const PRIME5 = 0x27d4eb2f165667c5n;
const STRIPE_BYTES = 32;

/** One checksum in the making. */
export class Xxh64 {
  /** The four accumulators, low word first. */
  private readonly lanes = lanesOf([PRIME1 + PRIME2, PRIME2, 0n, -PRIME1]);
  private readonly rest = new Uint8Array(STRIPE_BYTES);
  private restBytes = 0;
  private totalBytes = 0;

  update(bytes: Uint8Array): void {
    this.totalBytes += bytes.length;
    let at = 0;
    if (this.restBytes > 0) {
      at = Math.min(STRIPE_BYTES - this.restBytes, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restBytes);
      this.restBytes += at;
      if (this.restBytes < STRIPE_BYTES) return;
      this.consume(this.rest, 0, STRIPE_BYTES);
    }
    const end = bytes.length - ((bytes.length - at) % STRIPE_BYTES);
    this.consume(bytes, at, end);
    this.rest.set(bytes.subarray(end));
    this.restBytes = bytes.length - end;
  }

  /** The low 32 bits of the hash, which is what a zstd frame carries. */
  low32(): number {
    let hash = this.totalBytes >= STRIPE_BYTES ? this.merged() : PRIME5;
    hash = (hash + BigInt(this.totalBytes)) & MASK;
    hash = mixRest(hash, this.rest.subarray(0, this.restBytes));
    hash = ((hash ^ (hash >> 33n)) * PRIME2) & MASK;
    hash = ((hash ^ (hash >> 29n)) * PRIME3) & MASK;
    return Number((hash ^ (hash >> 32n)) & 0xffff_ffffn);
  }

  private merged(): bigint {
    const words = [0, 1, 2, 3].map((lane) => (BigInt(this.lanes[2 * lane + 1]) << 32n) | BigInt(this.lanes[2 * lane]));
    let hash = [1n, 7n, 12n, 18n].reduce((sum, bits, lane) => sum + rotate(words[lane], bits), 0n) & MASK;
    for (const word of words) hash = ((hash ^ round(0n, word)) * PRIME1 + PRIME4) & MASK;
    return hash;
  }

  /** Lane by lane over whole stripes: each accumulator stays in two local words. */
  private consume(b: Uint8Array, start: number, end: number): void {
    for (let lane = 0; lane < 4; lane++) {
      let low = this.lanes[2 * lane] | 0;
      let high = this.lanes[2 * lane + 1] | 0;
      for (let at = start + 8 * lane; at < end; at += STRIPE_BYTES) {
        const wordLow = b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24);
        const wordHigh = b[at + 4] | (b[at + 5] << 8) | (b[at + 6] << 16) | (b[at + 7] << 24);
        // accumulator + word * PRIME2
        const product = Math.imul(wordLow, 0x27d4eb4f);
        const sum = (low >>> 0) + (product >>> 0);
        const sumHigh =
          (high +
            upperProduct(wordLow, 0x27d4, 0xeb4f) +
            Math.imul(wordHigh, 0x27d4eb4f) +
            Math.imul(wordLow, 0xc2b2ae3d) +
            (sum > 0xffff_ffff ? 1 : 0)) |
          0;
        const sumLow = sum | 0;
        // rotated left by 31, times PRIME1
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
        const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
        low = Math.imul(turnedLow, 0x85ebca87);
        high =
          (upperProduct(turnedLow, 0x85eb, 0xca87) +
            Math.imul(turnedHigh, 0x85ebca87) +
            Math.imul(turnedLow, 0x9e3779b1)) |
          0;
      }
      this.lanes[2 * lane] = low;
      this.lanes[2 * lane + 1] = high;
    }
  }
}

/** The upper 32 bits of the unsigned product of two 32-bit words, the second given in halves. */
function upperProduct(a: number, upper: number, lower: number): number {
  const aLower = a & 0xffff;
  const aUpper = a >>> 16;
  const middle = aUpper * lower + ((aLower * lower) >>> 16);
  return aUpper * upper + (middle >>> 16) + ((aLower * upper + (middle & 0xffff)) >>> 16);
}

function lanesOf(values: readonly bigint[]): Uint32Array {
  return Uint32Array.from(values.flatMap((value) => [Number(value & 0xffff_ffffn), Number((value & MASK) >> 32n)]));
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function round(accumulator: bigint, word: bigint): bigint {
  return (rotate((accumulator + word * PRIME2) & MASK, 31n) * PRIME1) & MASK;
}

/** Mixes in what is left after the last whole stripe: by eight bytes, by four, by one. */
function mixRest(start: bigint, rest: Uint8Array): bigint {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
  let hash = start;
  let at = 0;
  for (; at + 8 <= rest.length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME1 + PRIME4) & MASK;
  }
  if (at + 4 <= rest.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * PRIME1) & MASK), 23n) * PRIME2 + PRIME3) & MASK;
    at += 4;
  }
  for (; at < rest.length; at++) hash = (rotate(hash ^ ((BigInt(rest[at]) * PRIME5) & MASK), 11n) * PRIME1) & MASK;
  return hash;
}
