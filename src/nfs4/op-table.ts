import type { ForeOperation } from "./operation.ts";
import { attributeOperations } from "./ops/attributes.ts";
import { copyOperations } from "./ops/copy.ts";
import { delegationOperations } from "./ops/delegation.ts";
import { deviceOperations } from "./ops/device.ts";
import { filehandleOperations } from "./ops/filehandle.ts";
import { illegalOperations } from "./ops/illegal.ts";
import { ioOperations } from "./ops/io.ts";
import { layoutOperations } from "./ops/layout.ts";
import { layoutReportOperations } from "./ops/layout-report.ts";
import { lockOperations } from "./ops/lock.ts";
import { namespaceOperations } from "./ops/namespace.ts";
import { openOperations } from "./ops/open.ts";
import { readdirOperations } from "./ops/readdir.ts";
import { secinfoOperations } from "./ops/secinfo.ts";
import { sessionOperations } from "./ops/session.ts";
import { sparseOperations } from "./ops/sparse.ts";
import { v40Operations } from "./ops/v40.ts";
import { xattrOperations } from "./ops/xattr.ts";

/** Every operation of the fore channel, by family: an operation is declared in ops/ and its family listed here. */
export const operations: readonly ForeOperation[] = [
  ...attributeOperations,
  ...copyOperations,
  ...delegationOperations,
  ...deviceOperations,
  ...filehandleOperations,
  ...illegalOperations,
  ...ioOperations,
  ...layoutOperations,
  ...layoutReportOperations,
  ...lockOperations,
  ...namespaceOperations,
  ...openOperations,
  ...readdirOperations,
  ...secinfoOperations,
  ...sessionOperations,
  ...sparseOperations,
  ...v40Operations,
  ...xattrOperations,
];

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
