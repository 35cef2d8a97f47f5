import { describe, expect, it } from "vitest";
import { SEQ4_STATUS_BACKCHANNEL_FAULT, SEQ4_STATUS_CB_PATH_DOWN } from "../../src/nfs4/constants.ts";
import { flagNames, STATUS_FLAGS, STATUS_FLAGS_MASK, statusFlag } from "../../src/session/status-flags.ts";

describe("status flags", () => {
  it("has every bit of 0x1fff once, in order", () => {
    expect(STATUS_FLAGS.map(({ bit }) => bit)).toEqual(Array.from({ length: 13 }, (_, i) => 1 << i));
    expect(STATUS_FLAGS_MASK).toBe(0x1fff);
  });

  it("tells the duty of each, and by which operations it can be seen done", () => {
    for (const flag of STATUS_FLAGS) {
      expect(flag.duty.length, flag.meaning).toBeGreaterThan(0);
      expect(flag.until.length, flag.meaning).toBeGreaterThan(0);
      expect(flag.answeredBy.length, flag.meaning).toBeGreaterThan(0);
    }
    expect(statusFlag(SEQ4_STATUS_BACKCHANNEL_FAULT)).toMatchObject({ scope: "session", isLockState: false });
    expect(statusFlag(SEQ4_STATUS_CB_PATH_DOWN)).toMatchObject({ scope: "client" });
    expect(statusFlag(0x2000)).toBeNull();
  });

  it("names the set bits, undefined ones too", () => {
    expect(flagNames(0)).toEqual([]);
    expect(flagNames(0x201)).toEqual(["CB_PATH_DOWN", "CB_PATH_DOWN_SESSION"]);
    expect(flagNames(0x8000_0004)).toEqual(["CB_GSS_CONTEXTS_EXPIRED", "0x80000000"]);
  });
});
