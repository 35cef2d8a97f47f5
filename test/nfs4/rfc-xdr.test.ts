import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ATTRIBUTES } from "../../src/nfs4/attributes.ts";
import { callbackOperations } from "../../src/nfs4/callback-table.ts";
import * as numbers from "../../src/nfs4/constants/attributes.ts";
import * as notifications from "../../src/nfs4/notifications.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { Type, voidType } from "../../src/xdr/types.ts";
import { pathOrSkip } from "../support/require-tool.ts";
import { XdrComparison } from "../support/xdr-comparison.ts";
import { parseXdr, xdrOf } from "../support/xdr-language.ts";

const RFCS = fileURLToPath(new URL("../../../shared/rfc", import.meta.url));
const rfcs = pathOrSkip(RFCS);

/** NFSv4.1, NFSv4.2 (which repeats and extends it) and extended attributes. */
const XDR_RFCS = [5662, 7863, 8276];
/** Attributes whose RFC is not at hand. */
const ELSEWHERE = ["mode_umask", "offline", "time_deleg_access", "time_deleg_modify", "open_arguments"];

describe.skipIf(rfcs.skip)(`declarations against the RFCs${rfcs.skip ? ` (${rfcs.reason})` : ""}`, () => {
  const definitions = parseXdr(
    rfcs.skip ? "" : XDR_RFCS.map((rfc) => xdrOf(readFileSync(`${RFCS}/rfc${rfc}.txt.gz`))).join("\n"),
  );

  for (const [channel, list] of [
    ["fore channel", operations],
    ["back channel", callbackOperations],
  ] as const) {
    test(`every operation of the ${channel}, field by field`, () => {
      const comparison = new XdrComparison(definitions);
      for (const { name, args, res } of list) {
        if (args !== voidType) comparison.named(`${name}4args`, args);
        comparison.named(`${name}4res`, res);
      }
      expect(comparison.mismatches).toEqual([]);
      expect(comparison.compared.size).toBeGreaterThan(list.length);
    });
  }

  test("operations without arguments have none in the RFC", () => {
    const without = [...operations, ...callbackOperations].filter(({ args }) => args === voidType);
    expect(without.filter(({ name }) => definitions.structs.has(`${name}4args`))).toEqual([]);
  });

  test("every attribute", () => {
    const comparison = new XdrComparison(definitions);
    for (const [name, { type }] of Object.entries(ATTRIBUTES)) {
      if (!ELSEWHERE.includes(name)) comparison.named(`fattr4_${name}`, type as Type<unknown>);
    }
    expect(comparison.mismatches).toEqual([]);
    const wanted = [...definitions.constants].filter(([name]) => name.startsWith("FATTR4_"));
    expect(wanted.length).toBe(Object.keys(numbers).length - ELSEWHERE.length);
    expect(numbers).toMatchObject(Object.fromEntries(wanted));
  });

  test("notifications", () => {
    const comparison = new XdrComparison(definitions);
    for (const [name, type] of Object.entries(notifications)) if (type instanceof Type) comparison.named(name, type);
    expect(comparison.mismatches).toEqual([]);
    expect(comparison.compared.size).toBeGreaterThan(10);
  });

  test("a wrong declaration is noticed", () => {
    const [access] = operations.filter(({ name }) => name === "ACCESS");
    const comparison = new XdrComparison(definitions);
    comparison.named("GETFH4res", access.res);
    comparison.named("stateid4", access.args);
    expect(comparison.mismatches).toHaveLength(2);
  });
});
