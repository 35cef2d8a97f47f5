import type { Operation } from "./operation.ts";
import { callbackDelegationOperations } from "./ops/callback-delegation.ts";
import { callbackIllegalOperations } from "./ops/callback-illegal.ts";
import { callbackLayoutOperations } from "./ops/callback-layout.ts";
import { callbackNotifyOperations } from "./ops/callback-notify.ts";
import { callbackOffloadOperations } from "./ops/callback-offload.ts";
import { callbackSessionOperations } from "./ops/callback-session.ts";

/** Every callback operation, by family: an operation is declared in ops/ and its family listed here. */
export const callbackOperations: readonly Operation[] = [
  ...callbackDelegationOperations,
  ...callbackIllegalOperations,
  ...callbackLayoutOperations,
  ...callbackNotifyOperations,
  ...callbackOffloadOperations,
  ...callbackSessionOperations,
];

const byNumber = new Map(callbackOperations.map((each) => [each.number, each]));
const byName = new Map(callbackOperations.map((each) => [each.name, each]));

/** The callback operation of that number, if it is one. */
export function callbackOperationOf(number: number): Operation | undefined {
  return byNumber.get(number);
}

/** The callback operation of that name ("CB_SEQUENCE"), if it is one. */
export function callbackOperationNamed(name: string): Operation | undefined {
  return byName.get(name);
}
