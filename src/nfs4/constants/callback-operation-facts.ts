import { OP_CB_GETATTR, OP_CB_ILLEGAL, OP_CB_OFFLOAD, OP_CB_RECALL } from "./callback-operations.ts";

/** The first minor version that has the callback operation; null for a number that is none. */
export function callbackOperationMinMinor(operation: number): number | null {
  if (operation === OP_CB_ILLEGAL) return 0;
  if (operation < OP_CB_GETATTR || operation > OP_CB_OFFLOAD) return null;
  if (operation <= OP_CB_RECALL) return 0;
  return operation < OP_CB_OFFLOAD ? 1 : 2;
}
