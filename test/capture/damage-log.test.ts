import { describe, expect, it } from "vitest";
import { Chunk } from "../../src/capture/chunk.ts";
import { DamageLog } from "../../src/capture/damage-log.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { memorySource } from "../support/memory-source.ts";

async function endedChunk(bytes: number, consumed: number, error?: Error): Promise<Chunk> {
  const chunk = new Chunk(
    memorySource(new Uint8Array(bytes), error === undefined ? {} : { error }),
    64,
    "decompression",
  );
  while (await chunk.fill(1)) {}
  chunk.start += consumed;
  return chunk;
}

describe("DamageLog", () => {
  it("amends the latest entry, once", () => {
    const log = new DamageLog();
    log.add("bad-length", 5, 1, "a");
    log.amend("; b");
    log.amend("; c");
    expect(log.places).toEqual([{ kind: "bad-length", offset: 5, frame: 1, message: "a; b" }]);
  });

  it("keeps 256 places, counts the others and amends none of the kept for them", () => {
    const log = new DamageLog();
    for (let index = 0; index < 300; index++) log.add("bad-block", index, 0, "x");
    log.amend("; late");
    expect([log.places.length, log.omitted]).toEqual([256, 44]);
    expect(log.places[255].message).toBe("x");
  });

  it("calls what is left at the end a cut", async () => {
    const log = new DamageLog();
    const chunk = await endedChunk(30, 20);
    log.addEnd(chunk, 4, "record");
    expect(log.places).toEqual([
      { kind: "truncated", offset: 20, frame: 4, message: "the capture ends 10 bytes into a record" },
    ]);
    expect(chunk.available).toBe(0);
  });

  it("says nothing at a clean end", async () => {
    const log = new DamageLog();
    log.addEnd(await endedChunk(30, 30), 4, "record");
    expect(log.places).toEqual([]);
  });

  it("names the reason where the source broke off", async () => {
    const log = new DamageLog();
    log.addEnd(await endedChunk(30, 20, new ReadError("crc")), 4, "record");
    expect(log.places).toEqual([
      { kind: "decompression", offset: 30, frame: 4, message: "crc, 10 bytes into a record" },
    ]);
  });
});
