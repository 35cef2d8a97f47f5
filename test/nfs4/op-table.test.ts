import { describe, expect, test } from "vitest";
import { callbackOperationNamed, callbackOperationOf, callbackOperations } from "../../src/nfs4/callback-table.ts";
import { NFS_CB_OPNUM4, NFS_OPNUM4 } from "../../src/nfs4/constants.ts";
import { operationNamed, operationOf, operations } from "../../src/nfs4/op-table.ts";
import { nfsstat4 } from "../../src/nfs4/types.ts";
import { StructType, type Type, UnionType } from "../../src/xdr/types.ts";
import { arbitrary } from "../support/arbitrary.ts";
import { random } from "../support/random.ts";
import { encode, expectSame, expectTruncationsRefused } from "../support/xdr-rows.ts";

const VALUES = 40;
const TRUNCATED_VALUES = 6;

function discriminantOf(type: Type<unknown>): Type<unknown> | undefined {
  if (type instanceof UnionType) return type.discriminant;
  if (type instanceof StructType) return Object.values(type.fields as Record<string, Type<unknown>>)[0];
  return undefined;
}

for (const [channel, list, numbers] of [
  ["fore channel", operations, NFS_OPNUM4],
  ["back channel", callbackOperations, NFS_CB_OPNUM4],
] as const) {
  describe(channel, () => {
    test("every number of the RFCs is declared exactly once", () => {
      const declared = list.map(({ name, number }) => [`OP_${name}`, number]);
      expect(Object.fromEntries(declared)).toEqual(numbers);
      expect(declared.length).toBe(Object.keys(numbers).length);
    });

    for (const { name, args, res, rfc } of list) {
      test(`${name} cites its section`, () => expect(rfc).toMatch(/^RFC (8881|7862|8276|7530) §\d+(\.\d+)+$/));

      test(`${name}: a result begins with its status`, () => expect(discriminantOf(res)).toBe(nfsstat4));

      for (const [what, type] of [
        ["arguments", args],
        ["result", res],
      ] as const) {
        test(`${name}: ${what} survive writing, reading, skipping and visiting`, () => {
          const next = random(VALUES);
          for (let i = 0; i < VALUES; i++) {
            const value = arbitrary(type, next);
            const bytes = encode(type, value);
            expect(bytes.length % 4).toBe(0);
            expectSame(type, bytes, value);
            if (i < TRUNCATED_VALUES) expectTruncationsRefused(type, bytes);
          }
        });
      }
    }
  });
}

test("operations are found by number and by name", () => {
  expect(operationOf(53)?.name).toBe("SEQUENCE");
  expect(operationNamed("SEQUENCE")).toBe(operationOf(53));
  expect(operationOf(2)).toBeUndefined();
  expect(operationNamed("CB_SEQUENCE")).toBeUndefined();
  expect(callbackOperationOf(11)?.name).toBe("CB_SEQUENCE");
  expect(callbackOperationNamed("CB_SEQUENCE")).toBe(callbackOperationOf(11));
  expect(callbackOperationOf(53)).toBeUndefined();
});
