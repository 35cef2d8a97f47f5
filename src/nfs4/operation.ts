import type { Type } from "../xdr/types.ts";
import {
  callbackOperationMinMinor,
  mayLead,
  NFS_CB_OPNUM4,
  NFS_OPNUM4,
  type OperationClass,
  operationClass,
  operationMinMinor,
} from "./constants.ts";

/** One operation: its types and where the RFC defines it. */
export interface OperationDeclaration<A = unknown, R = unknown> {
  /** Without `OP_`. */
  readonly name: string;
  /** The RFC and the section that define it. */
  readonly rfc: string;
  readonly args: Type<A>;
  /** The result; its first four bytes are always the status. */
  readonly res: Type<R>;
}

export interface Operation<A = unknown, R = unknown> extends OperationDeclaration<A, R> {
  readonly number: number;
  readonly minMinor: number;
}

/** An operation of the fore channel. */
export interface ForeOperation<A = unknown, R = unknown> extends Operation<A, R> {
  readonly class: OperationClass;
  readonly mayLead: boolean;
}

/** Declares an operation of the fore channel; its number and nature come from the constants. */
export function operation<A, R>(declaration: OperationDeclaration<A, R>): ForeOperation<A, R> {
  const number = NFS_OPNUM4[`OP_${declaration.name}`];
  const minMinor = operationMinMinor(number);
  if (number === undefined || minMinor === null) throw new RangeError(`no operation ${declaration.name}`);
  return { ...declaration, number, minMinor, class: operationClass(number), mayLead: mayLead(number) };
}

/** Declares a callback operation. */
export function callbackOperation<A, R>(declaration: OperationDeclaration<A, R>): Operation<A, R> {
  const number = NFS_CB_OPNUM4[`OP_${declaration.name}`];
  const minMinor = callbackOperationMinMinor(number);
  if (number === undefined || minMinor === null) throw new RangeError(`no callback operation ${declaration.name}`);
  return { ...declaration, number, minMinor };
}
