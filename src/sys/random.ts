import { randomBytes } from "node:crypto";

/** So many bytes that nobody can guess; throws where the machine has none to give. */
export type RandomSource = (bytes: number) => Uint8Array;

export const systemRandom: RandomSource = (bytes) => randomBytes(bytes);
