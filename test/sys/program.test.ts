import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/sys/byte-source.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { throughProgram } from "../../src/sys/program.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { memorySource } from "../support/memory-source.ts";

async function readAll(source: ByteSource): Promise<number> {
  const into = new Uint8Array(100_000);
  let total = 0;
  for (let count = await source.read(into, 0); count > 0; count = await source.read(into, 0)) total += count;
  return total;
}

describe("throughProgram", () => {
  it("gives what the program makes of the input", async () => {
    const input = memorySource(new Uint8Array(3_000_000));
    const source = await throughProgram(input, "cat", [], "no cat");
    expect(await readAll(source)).toBe(3_000_000);
    await source.close();
    expect(input.isClosed).toBe(true);
  });

  it("says what to do when the program is missing", async () => {
    const started = throughProgram(
      memorySource(new Uint8Array(1), { name: "a.lz4" }),
      "no-such-program-9",
      [],
      "install it",
    );
    await expect(started).rejects.toThrow(new InputError("a.lz4", "install it"));
  });

  it("reports a failure after the output, with what the program said", async () => {
    const source = await throughProgram(
      memorySource(new Uint8Array(10)),
      "sh",
      ["-c", "printf abc; echo bad block >&2; exit 3"],
      "",
    );
    const into = new Uint8Array(10);
    expect(await source.read(into, 0)).toBe(3);
    const error = await source.read(into, 0).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ReadError);
    expect((error as Error).message).toBe("sh ended with status 3: bad block");
    await source.close();
  });

  it("reports a program that was killed", async () => {
    const source = await throughProgram(memorySource(new Uint8Array(0)), "sh", ["-c", "kill -9 $$"], "");
    await expect(readAll(source)).rejects.toThrow("sh ended with signal SIGKILL");
    await source.close();
  });

  it("passes on the error of its own input", async () => {
    const error = new ReadError("disk gone");
    const source = await throughProgram(memorySource(new Uint8Array(5), { error }), "cat", [], "");
    await expect(readAll(source)).rejects.toBe(error);
    await source.close();
  });

  it("survives a program that does not read its input", async () => {
    const source = await throughProgram(memorySource(new Uint8Array(5_000_000)), "true", [], "");
    expect(await readAll(source)).toBe(0);
    await source.close();
  });

  it("holds its input back while nobody reads", async () => {
    let given = 0;
    const endless: ByteSource = {
      name: "endless",
      size: null,
      async read(into, at) {
        await new Promise((resolve) => setImmediate(resolve));
        given += into.length - at;
        return into.length - at;
      },
      async close() {},
    };
    const source = await throughProgram(endless, "cat", [], "");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(given).toBeLessThan(2_000_000);
    await source.close();
  });

  it("kills the program when closed early", async () => {
    const source = await throughProgram(memorySource(new Uint8Array(1)), "sleep", ["1000"], "");
    const start = performance.now();
    await source.close();
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("closes though its input never gives anything", async () => {
    let wake = () => {};
    const silent: ByteSource = {
      name: "silent",
      size: null,
      read: () =>
        new Promise((resolve) => {
          wake = () => resolve(0);
        }),
      close: async () => wake(),
    };
    const source = await throughProgram(silent, "cat", [], "");
    await source.close();
    expect(source.name).toBe("silent");
  });
});
