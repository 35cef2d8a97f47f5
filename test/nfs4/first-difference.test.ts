import { describe, expect, test } from "vitest";
import { Compound } from "../../src/nfs4/compound.ts";
import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import { operationName } from "../../src/nfs4/constants.ts";
import { firstDifference, firstOperationDiffering, type Request } from "../../src/nfs4/first-difference.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { arbitraryOperations, SKIMS, writeCompound } from "../support/compounds.ts";
import { integer, random } from "../support/random.ts";
import { op, type Step } from "../support/scenario.ts";
import { argsOf } from "../support/scenario-operations.ts";

type Kind = "call" | "callback-call";

/** The compound as it lies in a capture of which the first `length` bytes are kept. */
function request(values: readonly OperationValue[], kind: Kind = "call", length = Number.POSITIVE_INFINITY): Request {
  const bytes = writeCompound(kind, "", values);
  const compound = new Compound();
  const cursor = new Cursor().reset(bytes, 0, Math.min(length, bytes.length));
  SKIMS[kind](cursor, compound, true);
  return { numbers: values.map(({ operation }) => operation.number), from: 0, compound, cursor };
}

const LEAD = op.putrootfh();
const of = (...steps: Step[]) => request([LEAD, ...steps].map(argsOf));
const setattr = (mode: number[]) =>
  op.step("SETATTR", {
    stateid: { seqid: 1, other: new Uint8Array(12) },
    obj_attributes: { attrmask: mode, attr_vals: Uint8Array.of(0, 0, 1, 0xa4) },
  });
const test_ = (...seqids: number[]) =>
  op.step("TEST_STATEID", { ts_stateids: seqids.map((seqid) => ({ seqid, other: new Uint8Array(12) })) });

describe("the first difference", () => {
  test.each([
    ["another operation", [op.lookup()], [op.remove()], "operation", "LOOKUP", "REMOVE"],
    ["one more", [op.putfh()], [op.putfh(), op.getattr()], "operation", "none", "GETATTR"],
    ["one less", [op.putfh(), op.getattr()], [op.putfh()], "operation", "GETATTR", "none"],
    ["another name", [op.lookup("a")], [op.lookup("b")], "lookup.objname", '"a"', '"b"'],
    ["a file handle", [op.putfh(Uint8Array.of(1))], [op.putfh(Uint8Array.of(2))], "putfh.object", "0x01", "0x02"],
    ["a count", [op.read(1)], [op.read(2)], "read.count", "1", "2"],
    [
      "the arm of a union",
      [op.open()],
      [op.open("file", { create: true })],
      "open.openhow.opentype",
      "OPEN4_NOCREATE",
      "OPEN4_CREATE",
    ],
    ["a bitmap", [setattr([0, 2])], [setattr([0, 4])], "setattr.obj_attributes.attrmask", "bits 33", "bits 34"],
    [
      "data",
      [op.write(Uint8Array.of(1))],
      [op.write(Uint8Array.of(2))],
      "write.data",
      "1 bytes, 0x01",
      "1 bytes, 0x02",
    ],
    ["a longer list", [test_(1)], [test_(1, 2)], "test_stateid.ts_stateids[1].seqid", "none", "2"],
    ["a shorter list", [test_(1, 2)], [test_(1)], "test_stateid.ts_stateids[1].seqid", "2", "none"],
  ])("%s", (_, before, after, path, was, is) => {
    expect(firstDifference(of(...before), of(...after))).toMatchObject({ path, before: was, after: is });
  });

  test("names the operation and its place", () => {
    const difference = firstDifference(of(op.putfh(), op.lookup("a")), of(op.putfh(), op.lookup("b")));
    expect(difference).toMatchObject({ operation: 2, name: "LOOKUP" });
  });

  test("callbacks have operations of their own", () => {
    const recall = (truncate: boolean) => {
      const steps = [
        LEAD_BACK,
        op.step("CB_RECALL", { stateid: { seqid: 1, other: new Uint8Array(12) }, truncate, fh: new Uint8Array(4) }),
      ];
      return request(steps.map(argsOf), "callback-call");
    };
    expect(firstDifference(recall(false), recall(true))).toEqual({
      operation: 1,
      name: "CB_RECALL",
      path: "cb_recall.truncate",
      before: "false",
      after: "true",
    });
  });

  test("is found in an operation of which only the beginning is there", () => {
    const write = (offset: bigint) => {
      const args = {
        stateid: { seqid: 1, other: new Uint8Array(12) },
        offset,
        stable: 2,
        data: op.write(new Uint8Array(400)).args,
      };
      const { data } = args.data as { data: unknown };
      return request([LEAD, op.step("WRITE", { ...args, data })].map(argsOf), "call", 100);
    };
    expect(firstDifference(write(1n), write(2n))).toMatchObject({ path: "write.offset", before: "1", after: "2" });
    expect(firstDifference(write(1n), write(1n))).toBeNull();
  });

  test("is not looked for behind the cut", () => {
    const of = (name: string) => request([LEAD, op.lookup("x".repeat(100)), op.lookup(name)].map(argsOf), "call", 80);
    expect(firstDifference(of("a"), of("b"))).toBeNull();
  });

  test("of the operations alone", () => {
    expect(firstOperationDiffering([53, 22], [53, 22], operationName)).toBeNull();
    expect(firstOperationDiffering([53, 22, 9], [53, 22, 15], operationName)).toMatchObject({
      operation: 2,
      before: "GETATTR",
      after: "LOOKUP",
    });
    expect(firstOperationDiffering([53], [53, 9], operationName)).toMatchObject({ before: "none", after: "GETATTR" });
  });

  test.each(["call", "callback-call"] as const)(
    "of drawn compounds (%s) is there exactly if their bytes differ",
    (kind) => {
      for (let seed = 1; seed <= 300; seed++) {
        const next = random(seed);
        const first = { operation: argsOf(LEAD).operation, value: undefined };
        const lead = kind === "call" ? [first] : [argsOf(LEAD_BACK)];
        const values = [...lead, ...arbitraryOperations(kind, next)];
        const others = [...values];
        if (values.length > 1 && integer(next, 0, 1) === 1) {
          const [drawn] = arbitraryOperations(kind, next);
          if (drawn !== undefined) others[integer(next, 1, values.length - 1)] = drawn;
        }
        const isSame = Buffer.compare(writeCompound(kind, "", values), writeCompound(kind, "", others)) === 0;
        const difference = firstDifference(request(values, kind), request(others, kind));
        expect(difference === null, `seed ${seed}`).toBe(isSame);
      }
    },
  );
});

const LEAD_BACK = op.step("CB_SEQUENCE", {
  csa_sessionid: new Uint8Array(16),
  csa_sequenceid: 1,
  csa_slotid: 0,
  csa_highest_slotid: 0,
  csa_cachethis: false,
  csa_referring_call_lists: [],
});
