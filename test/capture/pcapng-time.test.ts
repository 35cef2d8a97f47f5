import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankFrame } from "../../src/capture/blank-frame.ts";
import { TimeScale } from "../../src/capture/pcapng-time.ts";

function apply(resolution: number, offset: number, ticks: bigint): [number, number] {
  const frame = blankFrame();
  new TimeScale(resolution, offset).apply(frame, Number(ticks >> 32n), Number(ticks & 0xffffffffn));
  return [frame.seconds, frame.nanos];
}

describe("time of pcapng packets", () => {
  it.each([
    ["microseconds", 6, 0, 1_700_000_000_123_456n, [1_700_000_000, 123_456_000]],
    ["nanoseconds, all nine digits", 9, 0, 1_700_000_000_123_456_789n, [1_700_000_000, 123_456_789]],
    ["nanoseconds, the last before a second", 9, 0, 1_699_999_999_999_999_999n, [1_699_999_999, 999_999_999]],
    ["milliseconds", 3, 0, 1_700_000_000_123n, [1_700_000_000, 123_000_000]],
    ["seconds", 0, 0, 1_700_000_000n, [1_700_000_000, 0]],
    ["tenths of nanoseconds", 10, 0, 17_000_000_001_234_567_899n, [1_700_000_000, 123_456_789]],
    ["picoseconds with an offset", 12, 1_700_000_000, 1_234_567_890_123n, [1_700_000_001, 234_567_890]],
    ["2^-20", 0x80 | 20, 0, (1_700_000_000n << 20n) + (1n << 19n), [1_700_000_000, 500_000_000]],
    ["2^-32 (NTP)", 0x80 | 32, 0, (1_700_000_000n << 32n) + (1n << 30n), [1_700_000_000, 250_000_000]],
    ["2^-64 and beyond", 0x80 | 127, 5, 0xffff_ffff_ffff_ffffn, [5, 0]],
    ["10^-127", 127, -5, 0xffff_ffff_ffff_ffffn, [-5, 0]],
    ["a negative offset", 6, -3600, 1_700_000_000_000_001n, [1_699_996_400, 1000]],
  ] as [string, number, number, bigint, [number, number]][])("%s", (_, resolution, offset, ticks, expected) => {
    expect(apply(resolution, offset, ticks)).toEqual(expected);
  });

  it("is exact for every resolution and count", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }),
        fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
        (resolution, ticks) => {
          const units = ((resolution & 0x80) !== 0 ? 2n : 10n) ** BigInt(resolution & 0x7f);
          const seconds = ticks / units;
          const nanos = ((ticks % units) * 1_000_000_000n) / units;
          expect(apply(resolution, 0, ticks)).toEqual([Number(seconds), Number(nanos)]);
        },
      ),
      { numRuns: 3000, seed: 42 },
    );
  });

  it("is exact around whole seconds of the common resolutions", () => {
    for (const exponent of [3, 6, 9]) {
      const units = 10n ** BigInt(exponent);
      for (const seconds of [0n, 1n, 1_699_999_999n, 4_294_967_296n, 9_007_199_254n]) {
        for (const ticks of [seconds * units + units - 1n, seconds * units, seconds * units + 1n]) {
          expect(apply(exponent, 0, ticks)).toEqual([
            Number(ticks / units),
            Number(((ticks % units) * 10n ** 9n) / units),
          ]);
        }
      }
    }
  });
});
