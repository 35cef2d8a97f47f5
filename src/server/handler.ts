import { operationNamed } from "../nfs4/op-table.ts";
import type { ForeOperation } from "../nfs4/operation.ts";
import type { Type } from "../xdr/types.ts";
import type { CompoundContext } from "./context.ts";

export type MaybePromise<T> = T | Promise<T>;

/** How the server executes one operation. */
export interface Handler {
  readonly operation: ForeOperation;
  /** Gives the value of the operation's result, or throws a Refusal. */
  readonly run: (context: CompoundContext, args: unknown) => MaybePromise<unknown>;
}

/** Ties code to an operation's declaration, and lets the compiler check the one against the other. */
export function handler<A, R>(
  name: string,
  args: Type<A>,
  res: Type<R>,
  run: (context: CompoundContext, args: A) => MaybePromise<R>,
): Handler {
  const operation = operationNamed(name);
  if (operation === undefined || operation.args !== args || operation.res !== res) {
    throw new RangeError(`${name} is declared with other types`);
  }
  return { operation, run: (context, value) => run(context, value as A) };
}
