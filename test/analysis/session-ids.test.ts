import { describe, expect, test } from "vitest";
import { hexOf, SessionIds } from "../../src/analysis/session-ids.ts";
import { random } from "../support/random.ts";

describe("session ids", () => {
  test("are 32 lower-case hexadecimal digits, wherever they stand", () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => 0xf0 + i);
    expect(new SessionIds().textOf(bytes, 3)).toBe("f3f4f5f6f7f8f9fafbfcfdfeff000102");
  });

  test("seen before come as the same text", () => {
    const ids = new SessionIds();
    const bytes = new Uint8Array(16).fill(7);
    expect(ids.textOf(bytes.slice(), 0)).toBe(ids.textOf(bytes, 0));
  });

  test("the id of zeros is not taken for an empty place", () => {
    expect(new SessionIds().textOf(new Uint8Array(16), 0)).toBe("0".repeat(32));
  });

  test("more of them than the table has places are all told right", () => {
    const next = random(1);
    const ids = new SessionIds();
    const samples = Array.from({ length: 1000 }, () => Uint8Array.from({ length: 16 }, () => next() * 256));
    for (let round = 0; round < 2; round++)
      for (const bytes of samples) expect(ids.textOf(bytes, 0)).toBe(Buffer.from(bytes).toString("hex"));
  });
});

test("hexadecimal digits of a part of a view", () => {
  const view = Uint8Array.of(0, 1, 0xab, 0xcd, 9).subarray(1);
  expect([hexOf(view), hexOf(view, 1, 2), hexOf(view, 4, 0)]).toEqual(["01abcd09", "abcd", ""]);
});
