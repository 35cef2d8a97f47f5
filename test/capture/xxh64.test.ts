import { describe, expect, it } from "vitest";
import { Xxh64 } from "../../src/capture/xxh64.ts";

const text = (content: string) => new TextEncoder().encode(content);

describe("Xxh64", () => {
  // Low halves of the published values for seed 0: ef46db3751d8e999, d24ec4f1a98c6e5b, 44bc2cf5ad770999, …
  it.each([
    ["", 0x51d8e999],
    ["a", 0xa98c6e5b],
    ["abc", 0xad770999],
  ])("of %j", (content, low) => {
    const hash = new Xxh64();
    hash.update(text(content));
    expect(hash.low32()).toBe(low);
  });

  it("does not depend on how the content is split", () => {
    const content = Uint8Array.from({ length: 1003 }, (_, index) => (index * 167 + (index >> 3)) & 0xff);
    const whole = new Xxh64();
    whole.update(content);
    for (const step of [1, 5, 31, 32, 33, 64, 500]) {
      const hash = new Xxh64();
      for (let at = 0; at < content.length; at += step) hash.update(content.subarray(at, at + step));
      expect(hash.low32()).toBe(whole.low32());
    }
  });

  it("does not change what it is by being asked", () => {
    const hash = new Xxh64();
    hash.update(text("a"));
    expect(hash.low32()).toBe(hash.low32());
  });
});
