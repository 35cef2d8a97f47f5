import { describe, expect, it } from "vitest";
import { UnpackedSource } from "../../src/capture/unpacked-source.ts";
import { ReadError } from "../../src/sys/read-error.ts";

function unpackerOf(steps: (number[][] | Error | null)[]) {
  const left = [...steps];
  return {
    isClosed: false,
    async next() {
      const step = left.shift() ?? null;
      if (step instanceof Error) throw step;
      return step === null ? null : step.map((piece) => Uint8Array.from(piece));
    },
    async close() {
      this.isClosed = true;
    },
  };
}

describe("UnpackedSource", () => {
  it.each([1, 2, 3, 100])("joins pieces, empty ones too, read %i at a time", async (room) => {
    const source = new UnpackedSource("n", unpackerOf([[[1, 2, 3], [4]], [], [[]], [[5, 6, 7]]]));
    const into = new Uint8Array(room + 2);
    const seen: number[] = [];
    for (;;) {
      const count = await source.read(into, 2);
      if (count === 0 && seen.length === 7) break;
      seen.push(...into.subarray(2, 2 + count));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("gives everything before an error, then the error", async () => {
    const source = new UnpackedSource("n", unpackerOf([[[1, 2]], new ReadError("bad")]));
    const into = new Uint8Array(10);
    expect(await source.read(into, 0)).toBe(2);
    await expect(source.read(into, 0)).rejects.toThrow("bad");
  });

  it("closes its unpacker, and knows no size", async () => {
    const unpacker = unpackerOf([]);
    const source = new UnpackedSource("n", unpacker);
    expect([source.name, source.size]).toEqual(["n", null]);
    await source.close();
    expect(unpacker.isClosed).toBe(true);
  });
});
