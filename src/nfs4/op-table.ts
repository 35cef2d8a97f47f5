import type { ForeOperation } from "./operation.ts";
import { sessionOperations } from "./ops/session.ts";

/** Every operation of the fore channel, by family: an operation is declared in ops/ and its family listed here. */
export const operations: readonly ForeOperation[] = [...sessionOperations];

/** The operation of a number; a Map, because OP_ILLEGAL lies far from the others. */
const byNumber = new Map(operations.map((each) => [each.number, each]));
const byName = new Map(operations.map((each) => [each.name, each]));

/** The operation of that number, if it is one. */
export function operationOf(number: number): ForeOperation | undefined {
  return byNumber.get(number);
}

/** The operation of that name ("SEQUENCE"), if it is one. */
export function operationNamed(name: string): ForeOperation | undefined {
  return byName.get(name);
}
