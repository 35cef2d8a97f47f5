import { describe, expect, it } from "vitest";
import { foreignHint } from "../../src/capture/foreign-formats.ts";

describe("foreignHint", () => {
  it.each([
    ["504b030414000000", "a zip archive; unpack it with `unzip` first"],
    ["425a6839314159", "bzip2 data; unpack it with `bunzip2` first"],
    ["474d425502000000", "a Network Monitor capture; convert it with `editcap IN OUT.pcapng`"],
    ["3c3f786d6c", "XML or HTML text, not a capture"],
    ["504b0304".slice(0, 6), null],
    ["d4c3b2a1", null],
    ["", null],
  ])("of %s is %s", (text, hint) => {
    expect(foreignHint(Uint8Array.from(Buffer.from(text, "hex")))).toBe(hint);
  });
});
