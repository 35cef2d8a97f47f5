import { expect, test } from "vitest";
import { bytesOfHex, escapeText, escapeUtf8 } from "../../src/text/escape.ts";

test.each([
  ["plain text stays", "plain text stays"],
  ["Grüße, 世界 🙂", "Grüße, 世界 🙂"],
  ["\u001b[2J\u001b]0;title\u0007", "\\x1b[2J\\x1b]0;title\\x07"],
  ["two\nlines\r\tand a tab", "two\\x0alines\\x0d\\x09and a tab"],
  ["\u007f\u0080\u009b31m", "\\x7f\\x80\\x9b31m"],
  ["abc\u202egpj.exe\u2066\u2069", "abc\\u{202e}gpj.exe\\u{2066}\\u{2069}"],
  ["\u200e\u200f\u061c", "\\u{200e}\\u{200f}\\u{61c}"],
  ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
  ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
  ["tag \u{e0041}", "tag \\u{e0041}"],
  ["lone \ud800 and \udc00", "lone \\u{d800} and \\u{dc00}"],
])("%j is shown as %s", (text, shown) => {
  expect(escapeText(text)).toBe(shown);
});

test("nothing that is shown can be acted on, whatever goes in", () => {
  for (let code = 0; code < 0x11000; code++) {
    const shown = escapeText(String.fromCodePoint(code));
    expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u);
  }
});

test.each([
  ["4c696e7578", "Linux"],
  ["c3a4", "ä"],
  ["f09f9982", "🙂"],
  ["ff41", "\\xffA"],
  ["c3", "\\xc3"],
  ["c3c3a4", "\\xc3ä"],
  ["e282", "\\xe2\\x82"],
  ["c080", "\\xc0\\x80"],
  ["eda080", "\\xed\\xa0\\x80"],
  ["1b5b41", "\\x1b[A"],
  ["e280ae", "\\u{202e}"],
  ["efbbbf", "\\u{feff}"],
])("bytes %s are shown as %s", (hex, shown) => {
  expect(escapeUtf8(bytesOfHex(hex))).toBe(shown);
});
