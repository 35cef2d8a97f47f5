import { OP_CB_LAYOUTRECALL, OP_CB_RECALL, OP_LAYOUTGET, OP_OPEN } from "../nfs4/constants.ts";

export interface Stateid {
  readonly seqid: number;
  readonly other: Uint8Array;
}

/** The parts of XDR values that name delegations and layouts. */
interface OpenResult {
  resok4?: { delegation: { read?: { stateid: Stateid }; write?: { stateid: Stateid } } };
}
interface LayoutResult {
  logr_resok4?: { logr_stateid: Stateid };
}
interface LayoutRecall {
  clora_recall: { lor_layout?: { lor_stateid: Stateid } };
}

/** The delegation that OPEN, or the layout that LAYOUTGET gave; `result` as decoded. */
export function grantedStateid(operation: number, result: unknown): Stateid | null {
  if (result === null) return null;
  if (operation === OP_LAYOUTGET) return (result as LayoutResult).logr_resok4?.logr_stateid ?? null;
  if (operation !== OP_OPEN) return null;
  const delegation = (result as OpenResult).resok4?.delegation;
  return (delegation?.read ?? delegation?.write)?.stateid ?? null;
}

/** What CB_RECALL, or CB_LAYOUTRECALL of one file, wants back; `args` as decoded. */
export function recalledStateid(operation: number, args: unknown): Stateid | null {
  if (args === null) return null;
  if (operation === OP_CB_RECALL) return (args as { stateid: Stateid }).stateid;
  return operation === OP_CB_LAYOUTRECALL
    ? ((args as LayoutRecall).clora_recall.lor_layout?.lor_stateid ?? null)
    : null;
}
