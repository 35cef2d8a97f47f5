import { describe, expect, test } from "vitest";
import { Compound } from "../../src/nfs4/compound.ts";
import {
  decodeAs,
  decodeOperation,
  fieldNames,
  operationAt,
  operationPath,
  visitHeader,
  visitOperation,
} from "../../src/nfs4/fields.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { CREATE_SESSION4args, SEQUENCE4args, SEQUENCE4res } from "../../src/nfs4/ops/session.ts";
import { skimCall, skimCallbackReply, skimReply } from "../../src/nfs4/skim.ts";
import type { Cursor } from "../../src/xdr/cursor.ts";
import { arbitraryOperations, KINDS, SKIMS, writeCompound } from "../support/compounds.ts";
import { fromHex } from "../support/hex.ts";
import { random } from "../support/random.ts";
import { over } from "../support/xdr-rows.ts";

const SESSION = "964c9154 03000000 02000000 00000000";
const CALL = `00000003 61626300 00000001 00000002 00000035 ${SESSION} 00000007 00000002 00000005 00000001 0000000a`;

function skimmed(hex: string, skim = skimCall): { compound: Compound; cursor: Cursor } {
  const compound = new Compound();
  const cursor = over(fromHex(hex));
  skim(cursor, compound, false);
  expect(compound.error).toBeNull();
  return { compound, cursor };
}

describe("decoding on request", () => {
  const { compound, cursor } = skimmed(CALL);

  test("gives the value of one operation", () => {
    expect(decodeOperation(compound, 0, cursor)).toEqual({
      sa_sessionid: fromHex(SESSION),
      sa_sequenceid: 7,
      sa_slotid: 2,
      sa_highest_slotid: 5,
      sa_cachethis: true,
    });
    expect(decodeOperation(compound, 1, cursor)).toBeUndefined();
  });

  test("by type, for one who knows it", () => {
    expect(decodeAs(SEQUENCE4args, compound, 0, cursor).sa_slotid).toBe(2);
    expect(() => decodeAs(CREATE_SESSION4args, compound, 0, cursor)).toThrow(
      "operation 0 is not a CREATE_SESSION4args",
    );
  });

  test("knows no operation beyond the last", () => {
    expect(() => operationAt(compound, 2)).toThrow("operation 2 of 2");
  });

  test("names fields by operation and tells their spans in the record", () => {
    const seen: [string, number, number][] = [];
    visitOperation(compound, 0, cursor, (path, _value, start, end) => seen.push([path, start, end]));
    expect(seen).toEqual([
      ["sequence.sa_sessionid", 20, 36],
      ["sequence.sa_sequenceid", 36, 40],
      ["sequence.sa_slotid", 40, 44],
      ["sequence.sa_highest_slotid", 44, 48],
      ["sequence.sa_cachethis", 48, 52],
    ]);
  });

  test("names what comes before the operations", () => {
    const seen: [string, unknown][] = [];
    visitHeader(compound, cursor, (path, value) => seen.push([path, value]));
    expect(seen).toEqual([
      ["compound.tag", "abc"],
      ["compound.minorversion", 1],
      ["compound.argarray_count", 2],
    ]);
  });
});

test("a reply has the result type", () => {
  const { compound, cursor } = skimmed("0000274f 00000000 00000001 00000035 0000274f", skimReply);
  expect(decodeAs(SEQUENCE4res, compound, 0, cursor)).toEqual({ sr_status: 10_063 });
  const seen: string[] = [];
  visitOperation(compound, 0, cursor, (path) => seen.push(path));
  visitHeader(compound, cursor, (path) => seen.push(path));
  expect(seen).toEqual(["sequence.sr_status", "compound.status", "compound.tag", "compound.resarray_count"]);
});

test("a callback's operations are those of the back channel", () => {
  const { compound, cursor } = skimmed("00000000 00000000 00000001 0000000a 00000000", skimCallbackReply);
  expect(operationPath(operationAt(compound, 0))).toBe("cb_recall_slot");
  expect(decodeOperation(compound, 0, cursor)).toEqual({ rsr_status: 0 });
  const seen: string[] = [];
  visitHeader(compound, cursor, (path) => seen.push(path));
  expect(seen[0]).toBe("cb_compound.status");
});

describe("field names without bytes", () => {
  test("of SEQUENCE", () => {
    const names = fieldNames(SEQUENCE4res, "sequence").map(({ path }) => path);
    expect(names.slice(0, 3)).toEqual(["sequence.sr_status", "sequence.sr_resok4", "sequence.sr_resok4.sr_sessionid"]);
  });

  test("of lists", () => {
    const names = fieldNames(CREATE_SESSION4args, "create_session").map(({ path }) => path);
    expect(names).toContain("create_session.csa_sec_parms[].cbsp_sys_cred.gids[]");
    expect(names).toContain("create_session.csa_fore_chan_attrs.ca_maxrequests");
  });

  test("every operation's are distinct", () => {
    for (const { name, args, res } of operations) {
      for (const type of [args, res]) {
        const names = fieldNames(type, name).map(({ path }) => path);
        expect(new Set(names).size, name).toBe(names.length);
      }
    }
  });
});

test.each(KINDS)("whatever visit tells is a declared name: %s", (kind) => {
  const next = random(11);
  const compound = new Compound();
  for (let round = 0; round < 100; round++) {
    const values = arbitraryOperations(kind, next);
    const cursor = over(writeCompound(kind, "", values));
    SKIMS[kind](cursor, compound, false);
    values.forEach(({ operation, value }, i) => {
      const type = kind === "call" || kind === "callback-call" ? operation.args : operation.res;
      const declared = new Set(fieldNames(type, operationPath(operation)).map(({ path }) => path));
      const visited = visitOperation(compound, i, cursor, (path, _value, start, end) => {
        expect(declared).toContain(path.replace(/\[\d+\]/g, "[]"));
        expect(start).toBeGreaterThanOrEqual(compound.starts[i]!);
        expect(end).toBeLessThanOrEqual(compound.ends[i]!);
      });
      expect(visited).toEqual(value);
    });
  }
});
