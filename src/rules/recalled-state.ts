import { OP_CB_LAYOUTRECALL, OP_CB_NOTIFY, OP_CB_RECALL } from "../nfs4/constants.ts";
import { hexadecimal } from "./referring-calls.ts";

interface Stateid {
  readonly other: Uint8Array;
}

/** Callback operations that name a delegation or layout. */
export const RECALLING_OPERATIONS: readonly number[] = [OP_CB_RECALL, OP_CB_LAYOUTRECALL, OP_CB_NOTIFY];

/** The part that tells the stateid of such an operation from others; null when it names none, or cannot be read. */
export function recalledStateid(operation: number, args: unknown): string | null {
  if (args === null) return null;
  const stateid = stateidIn(operation, args);
  return stateid === undefined ? null : hexadecimal(stateid.other);
}

function stateidIn(operation: number, args: unknown): Stateid | undefined {
  if (operation === OP_CB_RECALL) return (args as { stateid: Stateid }).stateid;
  if (operation === OP_CB_NOTIFY) return (args as { cna_stateid: Stateid }).cna_stateid;
  return (args as { clora_recall: { lor_layout?: { lor_stateid: Stateid } } }).clora_recall.lor_layout?.lor_stateid;
}
