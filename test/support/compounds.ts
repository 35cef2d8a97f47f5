import { callbackOperations } from "../../src/nfs4/callback-table.ts";
import type { Compound, CompoundKind } from "../../src/nfs4/compound.ts";
import { type OperationValue, writeCall, writeCallbackCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { skimCall, skimCallbackCall, skimCallbackReply, skimReply } from "../../src/nfs4/skim.ts";
import type { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { arbitrary } from "./arbitrary.ts";
import { integer, pick } from "./random.ts";

export const KINDS: readonly CompoundKind[] = ["call", "reply", "callback-call", "callback-reply"];

/** The skim of each kind. */
export const SKIMS: Readonly<Record<CompoundKind, (cursor: Cursor, into: Compound, isCut: boolean) => void>> = {
  call: skimCall,
  reply: skimReply,
  "callback-call": skimCallbackCall,
  "callback-reply": skimCallbackReply,
};

/** A compound of this kind with these operations. */
export function writeCompound(kind: CompoundKind, tag: string, values: readonly OperationValue[]): Uint8Array {
  const sink = new Sink();
  if (kind === "call") writeCall(sink, tag, 1, values);
  else if (kind === "callback-call") writeCallbackCall(sink, tag, 1, 0, values);
  else writeReply(sink, 0, tag, values);
  return sink.finish();
}

/** Drawn operations for a compound of this kind. */
export function arbitraryOperations(kind: CompoundKind, next: () => number): OperationValue[] {
  const list = kind === "call" || kind === "reply" ? operations : callbackOperations;
  return Array.from({ length: integer(next, 0, 6) }, () => {
    const operation = pick(next, list);
    const type = kind === "call" || kind === "callback-call" ? operation.args : operation.res;
    return { operation, value: arbitrary(type, next) };
  });
}
