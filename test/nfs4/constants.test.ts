import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VALID_ERRORS_CALLBACK } from "../../src/nfs4/constants/valid-errors-callback.ts";
import { VALID_ERRORS_V41 } from "../../src/nfs4/constants/valid-errors-v41.ts";
import { VALID_ERRORS_V42 } from "../../src/nfs4/constants/valid-errors-v42.ts";
import * as constants from "../../src/nfs4/constants.ts";

// Numbers and lists extracted from the RFC texts by a script, independently of our sources.
const tables: Record<string, Record<string, number>> & {
  validErrors: Record<string, string[]>;
  validErrors42: Record<string, string[]>;
  validCbErrors: Record<string, string[]>;
} = JSON.parse(readFileSync(new URL("../../fixtures/xdr-tables.json", import.meta.url), "utf8"));

function ours(prefix: RegExp): Record<string, unknown> {
  const entries = Object.entries(constants).filter(([name, value]) => prefix.test(name) && typeof value === "number");
  return Object.fromEntries(entries);
}

function expanded(lists: Record<string, string>): Record<string, string[]> {
  const words = (list: string) => list.trim().split(/\s+/);
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, words(list).map((word) => `NFS4ERR_${word}`)]),
  );
}

describe("numbers are those of the RFCs", () => {
  test("statuses", () => {
    expect(constants.NFSSTAT4).toEqual(tables.errors);
    expect(Object.keys(constants.NFSSTAT4).length).toBe(113);
  });
  test("operations", () => expect(constants.NFS_OPNUM4).toEqual(tables.ops));
  test("callback operations", () => expect(constants.NFS_CB_OPNUM4).toEqual(tables.cbOps));
  test("SEQ4_STATUS", () => expect(ours(/^SEQ4_STATUS_/)).toEqual(tables.seq4Status));
  test("EXCHGID4_FLAG", () => expect(ours(/^EXCHGID4_FLAG_/)).toEqual(tables.exchgidFlags));
  test("CREATE_SESSION4_FLAG", () => expect(ours(/^CREATE_SESSION4_FLAG_/)).toEqual(tables.createSessionFlags));
  test("valid statuses of 4.1", () => expect(expanded(VALID_ERRORS_V41)).toEqual(tables.validErrors));
  test("valid statuses of 4.2", () => expect(expanded(VALID_ERRORS_V42)).toEqual(tables.validErrors42));
  test("valid statuses of callbacks", () => expect(expanded(VALID_ERRORS_CALLBACK)).toEqual(tables.validCbErrors));
});

describe("names", () => {
  test("of statuses, both ways", () => {
    expect(constants.statusName(10_053)).toBe("NFS4ERR_BADSLOT");
    expect(constants.statusNumber("NFS4ERR_BADSLOT")).toBe(10_053);
    expect(constants.statusName(10_073)).toBe("nfsstat4 10073");
    expect(constants.statusNumber("toString")).toBeUndefined();
  });

  test("of operations", () => {
    expect([constants.operationName(53), constants.operationName(2)]).toEqual(["SEQUENCE", "operation 2"]);
    expect([constants.callbackOperationName(11), constants.callbackOperationName(53)]).toEqual([
      "CB_SEQUENCE",
      "callback operation 53",
    ]);
  });

  test("of flags, one for each bit", () => {
    expect(constants.sequenceStatusFlagNames(0x201)).toEqual(["CB_PATH_DOWN", "CB_PATH_DOWN_SESSION"]);
    expect(constants.createSessionFlagNames(0x8000_0002)).toEqual(["CONN_BACK_CHAN", "0x80000000"]);
    // MASK_PNFS names three bits and is the name of none.
    expect(constants.exchangeIdFlagNames(0x8007_0000)).toEqual([
      "USE_NON_PNFS",
      "USE_PNFS_MDS",
      "USE_PNFS_DS",
      "CONFIRMED_R",
    ]);
  });
});

describe("what operations are like", () => {
  test("every operation but ILLEGAL has a class", () => {
    const without = Object.values(constants.NFS_OPNUM4).filter((op) => constants.operationClass(op) === "-");
    expect(without).toEqual([constants.OP_ILLEGAL]);
  });

  test("class", () => {
    const classOf = (name: string) => constants.operationClass(constants.NFS_OPNUM4[name]!);
    const names = ["OP_READ", "OP_WRITE", "OP_RENAME", "OP_SEQUENCE", "OP_RENEW", "OP_CLONE"];
    expect(names.map(classOf)).toEqual(["I", "M", "N", "H", "X", "M"]);
  });

  test("first minor version", () => {
    const operations = [2, 3, 39, 40, 58, 59, 75, 76, 10_044];
    expect(operations.map(constants.operationMinMinor)).toEqual([null, 0, 0, 1, 1, 2, 2, null, 0]);
    const callbacks = [2, 3, 4, 5, 14, 15, 16, 10_044];
    expect(callbacks.map(constants.callbackOperationMinMinor)).toEqual([null, 0, 0, 1, 1, 2, null, 0]);
  });

  test("six may lead a compound", () => {
    const leaders = Object.values(constants.NFS_OPNUM4).filter(constants.mayLead);
    expect(leaders.map(constants.operationName).sort()).toEqual([
      "BIND_CONN_TO_SESSION",
      "CREATE_SESSION",
      "DESTROY_CLIENTID",
      "DESTROY_SESSION",
      "EXCHANGE_ID",
      "SEQUENCE",
    ]);
  });
});

describe("valid statuses", () => {
  const has = (op: number, minor: number, status: number) => constants.validErrors(op, minor).has(status);

  test("what a table lists is valid", () => {
    for (const [name, list] of Object.entries(tables.validErrors)) {
      for (const status of list) {
        expect(has(constants.NFS_OPNUM4[`OP_${name}`]!, 1, constants.NFSSTAT4[status]!), `${name} ${status}`).toBe(
          true,
        );
      }
    }
  });

  test.each([
    ["what the tables forgot", constants.OP_GETFH, 1, constants.NFS4ERR_DELAY, true],
    ["success", constants.OP_GETFH, 1, constants.NFS4_OK, true],
    ["a status of other operations", constants.OP_GETFH, 1, constants.NFS4ERR_BADSLOT, false],
    ["a leader outside a session", constants.OP_CREATE_SESSION, 1, constants.NFS4ERR_OP_NOT_IN_SESSION, false],
    ["a non-leader outside a session", constants.OP_RECLAIM_COMPLETE, 1, constants.NFS4ERR_OP_NOT_IN_SESSION, true],
    ["EXCHANGE_ID without permission", constants.OP_EXCHANGE_ID, 1, constants.NFS4ERR_PERM, true],
    ["LISTXATTRS with too small a buffer", constants.OP_LISTXATTRS, 2, constants.NFS4ERR_TOOSMALL, true],
    ["a label in 4.1", constants.OP_SETATTR, 1, constants.NFS4ERR_BADLABEL, false],
    ["a label in 4.2", constants.OP_SETATTR, 2, constants.NFS4ERR_BADLABEL, true],
    ["a label where none can be", constants.OP_PUTFH, 2, constants.NFS4ERR_BADLABEL, false],
    ["success of a forbidden operation", constants.OP_RENEW, 1, constants.NFS4_OK, false],
    ["refusal of a forbidden operation", constants.OP_RENEW, 1, constants.NFS4ERR_NOTSUPP, true],
    ["RESOURCE, which only 4.0 has", constants.OP_OPEN, 1, constants.NFS4ERR_RESOURCE, false],
    ["a number that is no operation", 2, 1, constants.NFS4_OK, false],
  ])("%s", (_what, op, minor, status, expected) => {
    expect(has(op, minor, status)).toBe(expected);
  });

  test("a callback never meets a dead session", () => {
    for (const op of Object.values(constants.NFS_CB_OPNUM4)) {
      expect(constants.validCallbackErrors(op).has(constants.NFS4ERR_DEADSESSION)).toBe(false);
    }
    expect(constants.validCallbackErrors(constants.OP_CB_SEQUENCE).has(constants.NFS4ERR_BADSLOT)).toBe(true);
    expect(constants.validCallbackErrors(constants.OP_CB_ILLEGAL).has(constants.NFS4_OK)).toBe(false);
    expect(constants.validCallbackErrors(99).size).toBe(0);
  });
});
