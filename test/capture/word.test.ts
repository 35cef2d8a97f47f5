import { expect, it } from "vitest";
import { u16, u32 } from "../../src/capture/word.ts";

const bytes = Uint8Array.of(0, 0xfe, 0xdc, 0xba, 0x98);

it("reads words of both byte orders, unsigned", () => {
  expect(u32(bytes, 1, false)).toBe(0xfedcba98);
  expect(u32(bytes, 1, true)).toBe(0x98badcfe);
  expect(u16(bytes, 1, false)).toBe(0xfedc);
  expect(u16(bytes, 1, true)).toBe(0xdcfe);
});
