import { describe, expect, it } from "vitest";
import { CachedSlot, NO_PROOF } from "../../src/session/cached-slot.ts";

const REQUEST = { fingerprint: "a", principal: "root", cachethis: true, highest: 0 };

function used(seq: number): CachedSlot<string> {
  const slot = new CachedSlot<string>();
  slot.accept(seq, REQUEST);
  slot.complete({ kind: "full", reply: "r" });
  return slot;
}

describe("CachedSlot", () => {
  it("starts with the contrived reply", () => {
    const slot = new CachedSlot<string>();
    expect(slot.reply).toEqual({ kind: "contrived" });
    expect([slot.judge(0), slot.judge(1)]).toEqual(["zero-first", "new"]);
  });

  it("forgets the former reply when the next request comes", () => {
    const slot = used(1);
    slot.accept(2, REQUEST);
    expect([slot.reply, slot.judge(2), slot.judge(1)]).toEqual([null, "retry-in-flight", "behind"]);
  });

  it("granted again it takes 1 or its old count, then only what follows", () => {
    const slot = used(41);
    slot.retire();
    slot.retire();
    expect(slot).toMatchObject({ isRetired: true, lastSeq: 0, request: null, loweringsSent: NO_PROOF });
    slot.grant();
    slot.grant();
    expect([slot.generation, slot.isRetired]).toEqual([1, false]);
    expect([0, 1, 2, 41, 42, 43].map((seq) => slot.judge(seq))).toEqual([
      "zero-first",
      "new",
      "ahead",
      "ahead",
      "new",
      "ahead",
    ]);
    slot.accept(1, REQUEST);
    slot.complete({ kind: "uncached" });
    expect([slot.judge(2), slot.judge(42)]).toEqual(["new", "ahead"]);
  });

  it("remembers the old count through a grant that was never used", () => {
    const slot = used(41);
    for (let i = 0; i < 2; i++) {
      slot.retire();
      slot.grant();
    }
    expect([slot.judge(42), slot.generation]).toEqual(["new", 2]);
  });

  it("a slot that was never used has no old count", () => {
    const slot = new CachedSlot<string>();
    slot.retire();
    slot.grant();
    expect([slot.judge(0), slot.judge(1), slot.judge(2)]).toEqual(["zero-first", "new", "ahead"]);
  });
});
