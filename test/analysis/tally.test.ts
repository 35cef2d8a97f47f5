import { describe, expect, test } from "vitest";
import { Tally } from "../../src/analysis/tally.ts";

describe("other RPC programs", () => {
  test("are counted by program and version", () => {
    const tally = new Tally();
    for (const [program, version] of [
      [100003, 3],
      [100003, 3],
      [100005, 3],
      [100003, 3],
      [100003, 4],
    ] as const)
      tally.countOther(program, version);
    expect([...tally.otherRpc]).toEqual([
      ["100003.3", 3],
      ["100005.3", 1],
      ["100003.4", 1],
    ]);
  });

  test("up to a bound: known ones go on counting, the rest is counted together", () => {
    const tally = new Tally();
    for (let program = 0; program < 300; program++) tally.countOther(program, 1);
    tally.countOther(0, 1);
    expect(tally.otherRpc.size).toBe(256);
    expect(tally.otherRpc.get("0.1")).toBe(2);
    expect(tally.limits()).toEqual([{ name: "RPC programs counted apart", bound: 256, dropped: 44 }]);
  });
});
