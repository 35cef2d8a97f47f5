import { Compound } from "../nfs4/compound.ts";
import { fingerprint } from "../nfs4/fingerprint.ts";
import { skimCall } from "../nfs4/skim.ts";
import { Cursor } from "../xdr/cursor.ts";
import type { User } from "./context.ts";

/** A COMPOUND as it arrived: which operations, where their arguments are. */
export interface CompoundCall {
  readonly connection: number;
  readonly user: User;
  /** The RPC message; arguments are read from it when their turn comes. */
  readonly message: Uint8Array;
  readonly tag: Uint8Array;
  readonly minorVersion: number;
  /** Operations that are all there, as far as their extent goes. */
  readonly ops: readonly number[];
  readonly starts: readonly number[];
  /** What the count word says. */
  readonly declaredOps: number;
  /** The operation behind them that cannot be read: its number; -1 if none. */
  readonly brokenOp: number;
  /** Of all operations behind the first. */
  readonly fingerprint: number;
}

const cursor = new Cursor();
const compound = new Compound();

/** Reads the outline of COMPOUND4args; null when not even that can be made of the bytes: GARBAGE_ARGS. */
export function readCompoundCall(
  message: Uint8Array,
  bodyStart: number,
  connection: number,
  user: User,
): CompoundCall | null {
  skimCall(cursor.reset(message, bodyStart, message.length), compound, false);
  const { count, declaredOps, minorVersion, tagOffset, tagLength, unknownOp, partialOp } = compound;
  if (minorVersion < 0) return null;
  const isWhole = compound.isComplete || compound.omittedOps > 0;
  const brokenOp = unknownOp >= 0 ? unknownOp : partialOp;
  // Nothing names the operation that would have to say BADXDR.
  if (!isWhole && brokenOp < 0) return null;
  return {
    connection,
    user,
    message,
    tag: message.subarray(tagOffset, tagOffset + tagLength),
    minorVersion,
    ops: firstOf(compound.ops, count),
    starts: firstOf(compound.starts, count),
    declaredOps,
    brokenOp: isWhole ? -1 : brokenOp,
    fingerprint: fingerprint(message, compound, 1),
  };
}

/** A copy of the first so many; what iterates over typed arrays takes ten times as long. */
function firstOf(numbers: ArrayLike<number>, count: number): number[] {
  const first: number[] = [];
  for (let index = 0; index < count; index++) first.push(numbers[index] as number);
  return first;
}
