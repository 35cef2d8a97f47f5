import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, wrap } from "../../src/text/wrap.ts";

test.each([
  ["ascii", 5],
  ["", 0],
  ["Grüße", 5],
  ["世界", 4],
  ["🙂", 2],
  ["e\u0301", 1],
])("%j takes %i columns", (text, columns) => {
  expect(columnsOf(text)).toBe(columns);
});

test("breaks between words only", () => {
  expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
  expect(wrap("unbreakable", 4)).toEqual(["unbreakable"]);
  expect(wrap("", 10)).toEqual([""]);
});

test("loses no word and keeps to the width unless one word alone is wider", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrap(words.join(" "), width);
      expect(lines.join(" ")).toBe(words.join(" "));
      for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
    }),
  );
});
