import { createHash, randomBytes } from "node:crypto";

/** So many bytes that nobody can guess; throws where the machine has none to give. */
export type RandomSource = (bytes: number) => Uint8Array;

export const systemRandom: RandomSource = (bytes) => randomBytes(bytes);

/** Bytes that look random and are the same for the same seed: for repetitions, never for secrets. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  let left: Uint8Array = new Uint8Array(0);
  const refill = () => createHash("sha256").update(`${counter++} ${seed}`).digest();
  return (bytes) => {
    const out = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      if (left.length === 0) left = refill();
      const count = Math.min(left.length, bytes - at);
      out.set(left.subarray(0, count), at);
      left = left.subarray(count);
      at += count;
    }
    return out;
  };
}
