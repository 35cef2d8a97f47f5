import { expect, test } from "vitest";
import { OP_ILLEGAL, OP_LOOKUP, OP_PUTROOTFH, OP_READ } from "../../src/nfs4/constants.ts";
import { zeroed } from "../../src/probe/operations.ts";

test.each([
  ["LOOKUP, of an empty name", OP_LOOKUP, 4],
  ["READ", OP_READ, 28],
  ["PUTROOTFH, which has no arguments", OP_PUTROOTFH, 0],
  ["an operation that is none", OP_ILLEGAL, 0],
  ["a number that is no operation", 999, 0],
])("zeros make arguments of %s", (_what, number, length) => {
  const { operation, value } = zeroed(number);
  expect(operation.number).toBe(number);
  expect(value).toEqual(new Uint8Array(length));
});
