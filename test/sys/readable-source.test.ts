import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { ReadableSource } from "../../src/sys/readable-source.ts";

describe("ReadableSource", () => {
  it("gives what the stream gives, in pieces that fit", async () => {
    const source = new ReadableSource(
      "s",
      Readable.from([Buffer.from("abcdefgh"), Buffer.from("ij")], { objectMode: false }),
    );
    const into = new Uint8Array(5);
    const seen: string[] = [];
    for (let count = await source.read(into, 1); count > 0; count = await source.read(into, 1)) {
      seen.push(Buffer.from(into.subarray(1, 1 + count)).toString());
    }
    expect(seen.join("")).toBe("abcdefghij");
    expect(Math.max(...seen.map((piece) => piece.length))).toBe(4);
    expect(await source.read(into, 0)).toBe(0);
  });

  it("waits for bytes, gives them as they come", async () => {
    const stream = new PassThrough();
    const source = new ReadableSource("s", stream);
    const into = new Uint8Array(10);
    const first = source.read(into, 0);
    stream.write("xyz");
    expect(await first).toBe(3);
    const second = source.read(into, 0);
    stream.end();
    expect(await second).toBe(0);
  });

  it("holds the stream back while nobody reads", async () => {
    let produced = 0;
    const stream = new Readable({
      highWaterMark: 1000,
      read() {
        produced += 500;
        this.push(Buffer.alloc(500));
      },
    });
    const source = new ReadableSource("s", stream);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(produced).toBeLessThan(5000);
    await source.close();
  });

  it("turns an error of the stream into a ReadError", async () => {
    const stream = new PassThrough();
    const source = new ReadableSource("s", stream);
    stream.destroy(new Error("wire cut"));
    await expect(source.read(new Uint8Array(1), 0)).rejects.toThrow("reading failed: wire cut");
  });

  it("ends a waiting read when it is closed", async () => {
    const source = new ReadableSource("s", new PassThrough());
    const waiting = source.read(new Uint8Array(1), 0);
    await source.close();
    expect(await waiting).toBe(0);
  });
});
