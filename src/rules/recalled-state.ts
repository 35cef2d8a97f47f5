import { OP_CB_LAYOUTRECALL, OP_CB_NOTIFY, OP_CB_RECALL, OP_DELEGRETURN, OP_FREE_STATEID } from "../nfs4/constants.ts";
import { hexadecimal } from "./referring-calls.ts";

interface Stateid {
  readonly other: Uint8Array;
}

/** Callback operations that name a delegation or layout. */
export const RECALLING_OPERATIONS: readonly number[] = [OP_CB_RECALL, OP_CB_LAYOUTRECALL, OP_CB_NOTIFY];
/** Operations by which a client gives a delegation back, or acknowledges that it is gone. RFC 8881 §18.6, §18.38 */
export const RETURNING_OPERATIONS: readonly number[] = [OP_DELEGRETURN, OP_FREE_STATEID];

/**
 * The part of the stateid that tells it from others, in hexadecimal as in `state-granted`; null when the operation
 * names none, or cannot be read.
 */
export function recalledStateid(operation: number, args: unknown): string | null {
  return args === null ? null : otherOf(stateidRecalled(operation, args));
}

/** The same of `RETURNING_OPERATIONS`. */
export function returnedStateid(operation: number, args: unknown): string | null {
  return args === null ? null : otherOf(stateidReturned(operation, args));
}

function otherOf(stateid: Stateid | undefined): string | null {
  return stateid === undefined ? null : hexadecimal(stateid.other);
}

function stateidRecalled(operation: number, args: unknown): Stateid | undefined {
  if (operation === OP_CB_RECALL) return (args as { stateid: Stateid }).stateid;
  if (operation === OP_CB_NOTIFY) return (args as { cna_stateid: Stateid }).cna_stateid;
  return (args as { clora_recall: { lor_layout?: { lor_stateid: Stateid } } }).clora_recall.lor_layout?.lor_stateid;
}

function stateidReturned(operation: number, args: unknown): Stateid | undefined {
  if (operation === OP_DELEGRETURN) return (args as { deleg_stateid: Stateid }).deleg_stateid;
  return (args as { fsa_stateid: Stateid }).fsa_stateid;
}
