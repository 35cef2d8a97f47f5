import fc from "fast-check";
import { expect, test } from "vitest";
import { safeJson } from "../../src/text/safe-json.ts";

test("reads back as what went in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(safeJson({ [text]: text }))).toEqual(JSON.parse(JSON.stringify({ [text]: text })));
    }),
  );
});

test.each(["\u009b31m", "\u202e", "\u2028", "\u007f", "\ufeff", "\u{e0041}", "\u001b"])(
  "%j does not show as itself",
  (text) => {
    expect(safeJson(text)).toMatch(/^"[ -~]*"$/);
    expect(JSON.parse(safeJson(text))).toBe(text);
  },
);
