import { callbackOperationName, operationName } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";

/** Callback operations have numbers of their own. */
export function operationNameOf({ channel }: Call, operation: number): string {
  return channel === "fore" ? operationName(operation) : callbackOperationName(operation);
}

/** `SEQUENCE PUTFH GETATTR`. */
export function operationNames(
  call: Call,
  { numbers }: { readonly numbers: readonly number[] } = call.operations,
): string {
  return numbers.map((operation) => operationNameOf(call, operation)).join(" ");
}
