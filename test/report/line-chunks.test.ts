import { expect, test } from "vitest";
import { CHUNK_BYTES, LineChunks } from "../../src/report/line-chunks.ts";

/** Keeps what is written, and lets a test say when it was. */
class Writer {
  text = "";
  writes = 0;
  readonly buffers = new Set<ArrayBufferLike>();
  readonly #waiting: (() => void)[] = [];
  isSlow = false;

  readonly write = (bytes: Uint8Array): Promise<void> => {
    this.writes++;
    this.buffers.add(bytes.buffer);
    this.text += new TextDecoder().decode(bytes);
    return this.isSlow ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  };

  finish(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

test("lines wait for each other", async () => {
  const writer = new Writer();
  const chunks = new LineChunks(writer.write);
  for (let i = 0; i < 1000; i++) chunks.line({ i });
  expect(writer.writes).toBe(0);
  await chunks.flush();
  expect(writer.writes).toBe(1);
  expect(
    writer.text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line).i),
  ).toEqual([...Array(1000).keys()]);
  await chunks.flush();
  expect(writer.writes).toBe(1);
});

test("a full chunk is handed on at once, with whole lines", () => {
  const writer = new Writer();
  const chunks = new LineChunks(writer.write);
  const line = "x".repeat(999);
  while (writer.writes === 0) chunks.line(line);
  expect(chunks.isWriting).toBe(true);
  expect(writer.text.length).toBeLessThanOrEqual(CHUNK_BYTES);
  expect(writer.text.length).toBeGreaterThan(CHUNK_BYTES / 2);
  expect(
    writer.text
      .split("\n")
      .slice(0, -1)
      .every((text) => text === `"${line}"`),
  ).toBe(true);
});

test("a line that is longer than a chunk", async () => {
  const writer = new Writer();
  const chunks = new LineChunks(writer.write);
  const long = "\u00e9".repeat(CHUNK_BYTES);
  for (const text of ["before", long, "behind"]) chunks.line(text);
  await chunks.flush();
  expect(
    writer.text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line)),
  ).toEqual(["before", long, "behind"]);
});

test("flush waits for the writer, and only then are chunks used again", async () => {
  const writer = new Writer();
  writer.isSlow = true;
  const chunks = new LineChunks(writer.write);
  chunks.line(1);
  let isFlushed = false;
  const flushing = chunks.flush().then(() => {
    isFlushed = true;
  });
  await Promise.resolve();
  expect(isFlushed).toBe(false);
  writer.finish();
  await flushing;
  for (let i = 0; i < 100; i++) {
    chunks.line(i);
    const again = chunks.flush();
    writer.finish();
    await again;
  }
  expect(writer.writes).toBe(101);
  expect(writer.buffers.size).toBe(2);
});
