import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADSLOT,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DEADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_TOO_MANY_OPS,
} from "../../src/nfs4/constants.ts";
import type { Verdict } from "../../src/session/slot.ts";
import { CONDITION, expectedStatuses, isRetry, judge, mayAnswer, nextSeq } from "../../src/session/slot.ts";

const VERDICTS: Verdict[] = ["new", "early", "retry", "retry-in-flight", "ahead", "behind", "zero-first"];

describe("judge", () => {
  it.each<[number, boolean, number, Verdict]>([
    [0, false, 1, "new"],
    [7, false, 8, "new"],
    [7, true, 8, "early"],
    [7, false, 7, "retry"],
    [7, true, 7, "retry-in-flight"],
    [7, false, 9, "ahead"],
    [7, true, 9, "ahead"],
    [7, false, 6, "behind"],
    [7, true, 6, "behind"],
    [7, false, 0, "behind"],
    [0, false, 0x7fff_ffff, "ahead"],
    [0, false, 0x8000_0000, "behind"],
    [0xffff_ffff, false, 0, "new"],
    [0xffff_ffff, true, 0, "early"],
    [0xffff_ffff, false, 1, "ahead"],
    [0xffff_ffff, false, 0xffff_ffff, "retry"],
    [0xffff_ffff, false, 0xffff_fffe, "behind"],
    [0xffff_fffe, false, 0xffff_ffff, "new"],
    [0xffff_fffe, false, 0, "ahead"],
    [0, false, 0xffff_ffff, "behind"],
    [0, false, 0, "retry"],
    [0, true, 0, "retry-in-flight"],
  ])("last %d, busy %s, got %d: %s", (lastSeq, busy, seq, verdict) => {
    expect(judge(lastSeq, busy, seq)).toBe(verdict);
  });

  it("tells the initial 0 of a fresh slot from the 0 after a wrap", () => {
    expect(judge(0, false, 0, true)).toBe("zero-first");
    expect(judge(0, false, 1, true)).toBe("new");
    expect(judge(0, false, 2, true)).toBe("ahead");
    expect(judge(0, false, 0xffff_ffff, true)).toBe("behind");
  });

  it("wraps through 0", () => {
    expect(nextSeq(0xffff_ffff)).toBe(0);
    expect(nextSeq(0)).toBe(1);
    expect(nextSeq(0x7fff_ffff)).toBe(0x8000_0000);
  });
});

describe("expectedStatuses", () => {
  const C = CONDITION;
  it.each<[Verdict, number, number[]]>([
    ["new", 0, [NFS4_OK, NFS4ERR_DELAY]],
    ["retry", 0, [NFS4_OK, NFS4ERR_DELAY]],
    ["retry-in-flight", 0, [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED]],
    ["early", 0, [NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY]],
    ["ahead", 0, [NFS4ERR_SEQ_MISORDERED]],
    ["behind", 0, [NFS4ERR_SEQ_MISORDERED]],
    ["zero-first", 0, [NFS4ERR_SEQ_MISORDERED]],
    // A retry by another user MUST be refused; another request MAY be. §2.10.6.1.3.1
    ["retry", C.userDiffers, [NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_DELAY]],
    ["retry", C.requestDiffers, [NFS4ERR_SEQ_FALSE_RETRY, NFS4_OK, NFS4ERR_DELAY]],
    ["retry", C.requestDiffers + C.userDiffers, [NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_DELAY]],
    ["new", C.requestDiffers + C.userDiffers, [NFS4_OK, NFS4ERR_DELAY]],
    ["retry-in-flight", C.userDiffers, [NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED]],
    // The onlooker does not know that it still runs.
    ["early", C.maybeFinished, [NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY, NFS4_OK]],
    ["retry-in-flight", C.maybeFinished, [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED, NFS4_OK]],
    ["ahead", C.maybeFinished, [NFS4ERR_SEQ_MISORDERED]],
    // Nothing to compare with.
    ["ahead", C.unknownSession + C.tooManyOps, [NFS4ERR_BADSESSION]],
    ["new", C.slotBeyondTable, [NFS4ERR_BADSLOT]],
    ["retry", C.slotBeyondTable + C.tooManyOps, [NFS4ERR_BADSLOT, NFS4ERR_TOO_MANY_OPS]],
    // A limit that was lowered: may, and never against a retry above it. §2.10.6.1
    ["new", C.slotAboveEnforced, [NFS4ERR_BADSLOT, NFS4_OK, NFS4ERR_DELAY]],
    ["retry", C.slotAboveEnforced, [NFS4_OK, NFS4ERR_DELAY]],
    ["retry", C.slotAboveEnforced + C.highSlotAboveEnforced, [NFS4_OK, NFS4ERR_DELAY]],
    ["retry", C.highSlotAboveEnforced, [NFS4ERR_BAD_HIGH_SLOT, NFS4_OK, NFS4ERR_DELAY]],
    ["new", C.highSlotAboveEnforced, [NFS4ERR_BAD_HIGH_SLOT, NFS4_OK, NFS4ERR_DELAY]],
    // Barred from success.
    ["new", C.connectionNotBound, [NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_DELAY]],
    ["ahead", C.connectionNotBound, [NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_SEQ_MISORDERED]],
    ["new", C.deadSession, [NFS4ERR_DEADSESSION, NFS4ERR_DELAY]],
    ["retry", C.deadSession, [NFS4_OK, NFS4ERR_DELAY]],
    // Limits of size may show on a later operation, so that OK stays possible.
    ["new", C.tooManyOps, [NFS4ERR_TOO_MANY_OPS, NFS4_OK, NFS4ERR_DELAY]],
    ["new", C.requestTooBig, [NFS4ERR_REQ_TOO_BIG, NFS4_OK, NFS4ERR_DELAY]],
    ["new", C.replyTooBig, [NFS4ERR_REP_TOO_BIG, NFS4_OK, NFS4ERR_DELAY]],
    ["new", C.replyTooBigToCache, [NFS4ERR_REP_TOO_BIG_TO_CACHE, NFS4_OK, NFS4ERR_DELAY]],
    // The order of checks is free: the union.
    [
      "ahead",
      C.connectionNotBound + C.slotAboveEnforced + C.tooManyOps,
      [NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_BADSLOT, NFS4ERR_TOO_MANY_OPS, NFS4ERR_SEQ_MISORDERED],
    ],
  ])("%s, conditions %d", (verdict, conditions, statuses) => {
    expect(expectedStatuses(verdict, conditions)).toEqual(statuses);
    // The second time it comes from memory.
    expect(expectedStatuses(verdict, conditions)).toEqual(statuses);
  });

  it("never allows RETRY_UNCACHED_REP on SEQUENCE, never is empty, never names a status twice", () => {
    for (const verdict of VERDICTS) {
      for (let conditions = 0; conditions < 8192; conditions++) {
        const statuses = expectedStatuses(verdict, conditions);
        expect(statuses.length).toBeGreaterThan(0);
        expect(new Set(statuses).size).toBe(statuses.length);
        expect(statuses).not.toContain(NFS4ERR_RETRY_UNCACHED_REP);
      }
    }
  });

  it("a misordered request is executed under no condition at all", () => {
    for (const verdict of ["ahead", "behind", "zero-first"] as const) {
      for (let conditions = 0; conditions < 8192; conditions++) {
        expect(mayAnswer(verdict, conditions, NFS4_OK)).toBe(false);
      }
    }
  });
});

it("mayAnswer lets a replier put off anything (§15.1.1.3)", () => {
  expect(mayAnswer("ahead", 0, NFS4ERR_DELAY)).toBe(true);
  expect(mayAnswer("ahead", 0, NFS4ERR_BADSLOT)).toBe(false);
  expect(mayAnswer("new", CONDITION.slotBeyondTable, NFS4_OK)).toBe(false);
});

it("isRetry", () => {
  expect(VERDICTS.filter(isRetry)).toEqual(["retry", "retry-in-flight"]);
});
