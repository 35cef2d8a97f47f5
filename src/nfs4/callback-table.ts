import type { Operation } from "./operation.ts";
import { callbackSessionOperations } from "./ops/callback-session.ts";

/** Every callback operation, by family: an operation is declared in ops/ and its family listed here. */
export const callbackOperations: readonly Operation[] = [...callbackSessionOperations];

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
