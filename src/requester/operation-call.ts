import type { OperationValue } from "../nfs4/compound-writer.ts";
import { operationNamed } from "../nfs4/op-table.ts";
import type { Type } from "../xdr/types.ts";

/** What makes calls of one operation; the declaration's arguments let the compiler check them. */
export function operationCall<A>(name: string, args: Type<A>): (value: A) => OperationValue {
  const operation = operationNamed(name);
  if (operation?.args !== args) throw new RangeError(`${name} is declared with other arguments`);
  return (value) => ({ operation, value });
}
