import { expect, test } from "vitest";
import { isTransientProgram, plausibleCall } from "../../src/rpc/programs.ts";

test("the transient range is 0x40000000 to 0x5fffffff", () => {
  expect([0x3fff_ffff, 0x4000_0000, 0x5fff_ffff, 0x6000_0000].map(isTransientProgram)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  [100003, 4, 1, true],
  [100003, 3, 21, true],
  [100000, 2, 3, true],
  [0x4000_0000, 1, 1, true],
  [0x2000_0001, 1, 0, true],
  [0, 4, 1, false],
  [99_999, 1, 1, false],
  [0x6000_0000, 1, 1, false],
  [100003, 256, 1, false],
  [100003, 4, 1024, false],
])("a call of program %i version %i procedure %i: plausible %s", (program, version, procedure, plausible) => {
  expect(plausibleCall(program, version, procedure)).toBe(plausible);
});
