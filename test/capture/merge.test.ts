import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/detect.ts";
import type { Frame } from "../../src/capture/frame.ts";
import { type MergeInput, mergeFrames } from "../../src/capture/merge.ts";
import { writePcap, writePcapng } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";

/** A capture whose packets carry their time in their one byte; null is a packet without time. */
async function capture(times: readonly (number | null)[], step?: number): Promise<MergeInput> {
  const bytes = times.includes(null)
    ? writePcapng({
        items: [
          { kind: "interface" },
          ...times.map((time, index) =>
            time === null
              ? { kind: "simple" as const, bytes: Uint8Array.of(index) }
              : { kind: "enhanced" as const, seconds: time, bytes: Uint8Array.of(index) },
          ),
        ],
      })
    : writePcap(
        {},
        times.map((time, index) => ({ seconds: time as number, bytes: Uint8Array.of(index) })),
      );
  return openCapture(memorySource(bytes, step === undefined ? {} : { step }), { chunkBytes: 64 });
}

/** `capture:packet index` of each frame, in merged order. */
async function merge(inputs: readonly MergeInput[]): Promise<string> {
  const order: string[] = [];
  await mergeFrames(inputs, (frame) => order.push(`${frame.capture}:${frame.bytes[frame.offset]}`));
  return order.join(" ");
}

describe("mergeFrames", () => {
  it.each([
    ["one capture", [[1, 2, 3]], "0:0 0:1 0:2"],
    [
      "two by time",
      [
        [1, 4, 6],
        [2, 3, 5],
      ],
      "0:0 1:0 1:1 0:1 1:2 0:2",
    ],
    [
      "a rotated set",
      [
        [1, 2, 3],
        [4, 5],
      ],
      "0:0 0:1 0:2 1:0 1:1",
    ],
    [
      "a rotated set that shares its border time",
      [
        [1, 3, 3],
        [3, 3, 4],
      ],
      "0:0 0:1 0:2 1:0 1:1 1:2",
    ],
    [
      "the same given in the wrong order",
      [
        [3, 3, 4],
        [1, 3, 3],
      ],
      "1:0 1:1 1:2 0:0 0:1 0:2",
    ],
    [
      "equal times from the start: as given",
      [
        [1, 2],
        [1, 2],
      ],
      "0:0 1:0 0:1 1:1",
    ],
    [
      "a time that goes back stays in its file's order",
      [
        [50, 10, 60],
        [20, 55, 70],
      ],
      "1:0 0:0 0:1 1:1 0:2 1:2",
    ],
    [
      "a packet without time follows its predecessor",
      [
        [2, null, 9],
        [1, 3, 10],
      ],
      "1:0 0:0 0:1 1:1 0:2 1:2",
    ],
    ["a file that starts without time comes first", [[5], [null, 6]], "1:0 0:0 1:1"],
    ["an empty capture among others", [[], [1], []], "1:0"],
    ["nothing but empty ones", [[], []], ""],
    ["no capture at all", [], ""],
  ] as [string, (number | null)[][], string][])("%s", async (_, captures, expected) => {
    expect(await merge(await Promise.all(captures.map((times) => capture(times))))).toBe(expected);
  });

  it("does not depend on how much a read gives", async () => {
    const times = [
      [1, 4, 4, 6, 9],
      [2, 3, 4, 5, 9],
      [4, 4, 4],
    ];
    const whole = await merge(await Promise.all(times.map((list) => capture(list))));
    expect(await merge(await Promise.all(times.map((list) => capture(list, 1))))).toBe(whole);
  });

  it("sorts sorted captures and keeps each in its order", async () => {
    const lists = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(lists, async (raw) => {
        const times = raw.map((list) => [...list].sort((a, b) => a - b));
        const seen: [number, number][] = [];
        const inputs = await Promise.all(times.map((list) => capture(list)));
        await mergeFrames(inputs, (frame) => seen.push([frame.seconds, frame.capture]));
        expect(seen.map(([time]) => time)).toEqual(times.flat().sort((a, b) => a - b));
        times.forEach((list, index) => {
          expect(seen.filter(([, of]) => of === index).map(([time]) => time)).toEqual(list);
        });
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("never loses a frame of unsorted captures", async () => {
    const lists = fc.array(fc.array(fc.option(fc.integer({ min: 0, max: 40 })), { maxLength: 20 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lists, async (times) => {
        const seen: number[][] = times.map(() => []);
        const inputs = await Promise.all(times.map((list) => capture(list)));
        await mergeFrames(inputs, (frame) => seen[frame.capture].push(frame.bytes[frame.offset]));
        expect(seen).toEqual(times.map((list) => list.map((_, index) => index)));
      }),
      { numRuns: 200, seed: 8 },
    );
  });

  it("ends when the signal says so, between two batches", async () => {
    const signal = { aborted: false };
    let frames = 0;
    const input = await capture(
      Array.from({ length: 100 }, (_, index) => index),
      64,
    );
    const isDone = await mergeFrames(
      [input],
      () => {
        if (++frames === 10) signal.aborted = true;
      },
      { signal },
    );
    expect(isDone).toBe(false);
    expect(frames).toBeGreaterThanOrEqual(10);
    expect(frames).toBeLessThan(20);
  });

  it("reports progress once a batch, up to the total", async () => {
    const steps: [number, number | null][] = [];
    const inputs = [await capture([1, 2, 3], 20), await capture([1, 2], 20)];
    const isDone = await mergeFrames(inputs, () => {}, { onProgress: (read, total) => steps.push([read, total]) });
    const total = inputs[0].input.size! + inputs[1].input.size!;
    expect(isDone).toBe(true);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.at(-1)).toEqual([total, total]);
    expect(steps.every(([read], index) => index === 0 || read >= steps[index - 1][0])).toBe(true);
  });
});

it("waits behind each batch of frames before it reads on", async () => {
  const told: string[] = [];
  const input = await capture([1, 2, 3, 4], 60);
  let isWaiting = false;
  const onBatch = async () => {
    isWaiting = true;
    await new Promise((resolve) => setTimeout(resolve, 1));
    isWaiting = false;
    told.push("batch");
  };
  const sink = ({ number }: Frame) => {
    expect(isWaiting).toBe(false);
    told.push(String(number));
  };
  await mergeFrames([input], sink, { onBatch });
  expect(told.filter((word) => word !== "batch")).toEqual(["1", "2", "3", "4"]);
  expect(told.filter((word) => word === "batch").length).toBeGreaterThan(1);
  expect(told.at(-1)).toBe("batch");
});
