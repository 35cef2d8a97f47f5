import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_PERM,
} from "../../src/nfs4/constants.ts";
import { exchangeIdCase, exchangeIdOutcome } from "../../src/session/exchange-id-case.ts";

const ANY = [false, true];

/** The cases of RFC 8881 §18.35.4, row by row; null: any. */
const ROWS: [number, boolean | null, boolean | null, boolean, boolean | null, boolean | null][] = [
  // case, confirmed, unconfirmed, update, same verifier, same principal
  [1, false, false, false, null, null],
  [2, true, null, false, true, true],
  [3, true, null, false, null, false],
  [4, false, true, false, null, null],
  [5, true, null, false, false, true],
  [6, true, null, true, true, true],
  [7, false, null, true, null, null],
  [8, true, null, true, false, null],
  [9, true, null, true, true, false],
];

describe("exchangeIdCase", () => {
  it.each(ROWS)("case %d", (number, confirmed, unconfirmed, update, verifier, principal) => {
    for (const c of confirmed === null ? ANY : [confirmed]) {
      for (const u of unconfirmed === null ? ANY : [unconfirmed]) {
        for (const v of verifier === null ? ANY : [verifier]) {
          for (const p of principal === null ? ANY : [principal]) {
            expect(exchangeIdCase(c, u, update, v, p)).toBe(number);
          }
        }
      }
    }
  });

  it("the rows leave no combination out and none twice", () => {
    for (let bits = 0; bits < 32; bits++) {
      const values = [16, 8, 4, 2, 1].map((bit) => (bits & bit) !== 0) as [boolean, boolean, boolean, boolean, boolean];
      const fitting = ROWS.filter(([, ...row]) => row.every((want, i) => want === null || want === values[i]));
      expect(fitting.map(([number]) => number)).toEqual([exchangeIdCase(...values)]);
    }
  });
});

describe("exchangeIdOutcome", () => {
  it.each([
    [1, false, NFS4_OK, "makes"],
    [2, true, NFS4_OK, ""],
    [3, false, NFS4_OK, "makes deletes"],
    [3, true, NFS4ERR_CLID_INUSE, ""],
    [4, false, NFS4_OK, "makes"],
    [5, true, NFS4_OK, "makes"],
    [6, true, NFS4_OK, "updates"],
    [7, false, NFS4ERR_NOENT, ""],
    [8, true, NFS4ERR_NOT_SAME, ""],
    [9, true, NFS4ERR_PERM, ""],
  ] as const)("case %d, in use %s: status %d %s", (number, inUse, status, deeds) => {
    expect(exchangeIdOutcome(number, inUse)).toEqual({
      status,
      makesRecord: deeds.includes("makes"),
      deletesConfirmed: deeds.includes("deletes"),
      updates: deeds.includes("updates"),
    });
  });
});
