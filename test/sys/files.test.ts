import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { fileSize, firstBytes, openSource } from "../../src/sys/files.ts";
import { InputError } from "../../src/sys/input-error.ts";

const folder = mkdtempSync(`${tmpdir()}/slotshark-files-`);
afterAll(() => rmSync(folder, { recursive: true }));

const content = Uint8Array.from({ length: 100_000 }, (_, index) => index & 0xff);
const path = `${folder}/a.pcap`;
writeFileSync(path, content);

describe("openSource", () => {
  it("reads a file front to back, into the place asked for", async () => {
    const source = await openSource(path);
    expect([source.name, source.size]).toEqual([path, 100_000]);
    const into = new Uint8Array(60_000);
    expect(await source.read(into, 10_000)).toBe(50_000);
    expect(into.subarray(10_000)).toEqual(content.subarray(0, 50_000));
    expect(await source.read(into, 0)).toBe(50_000 + 0);
    expect(await source.read(into, 0)).toBe(0);
    await source.close();
  });

  it.each([
    ["a missing file", `${folder}/none.pcap`, /none\.pcap: no such file$/],
    ["a file below a file", `${path}/x`, /a part of the path is not a directory/],
    ["a directory", folder, /is a directory; name the capture files in it/],
    ["a name with a zero byte", "a\0b", /a zero byte/],
    ["a name without end", "x".repeat(5000), /the name is too long/],
    ["the empty name", "", /no such file/],
  ])("refuses %s", async (_, name, message) => {
    const error = await openSource(name).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    expect((error as InputError).input).toBe(name);
  });

  it.skipIf(process.getuid?.() === 0)("refuses what it may not read (skipped for root, who may)", async () => {
    const secret = `${folder}/secret.pcap`;
    writeFileSync(secret, "x");
    chmodSync(secret, 0);
    await expect(openSource(secret)).rejects.toThrow(/permission denied/);
  });

  it("opens the empty file: what it holds is not its business", async () => {
    const empty = `${folder}/empty.pcap`;
    writeFileSync(empty, "");
    const source = await openSource(empty);
    expect(await source.read(new Uint8Array(10), 0)).toBe(0);
    await source.close();
  });

  it("reads standard input", async () => {
    const module = fileURLToPath(new URL("../../src/sys/files.ts", import.meta.url));
    const script = `
      import { openSource } from ${JSON.stringify(module)};
      const source = await openSource("-");
      const into = new Uint8Array(1 << 20);
      let at = 0, sum = 0;
      for (let count; (count = await source.read(into, at)) > 0; at += count);
      for (let index = 0; index < at; index++) sum += into[index];
      await source.close();
      console.log(source.name, source.size, at, sum);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.stdin.write(content.subarray(0, 70_000));
    setTimeout(() => child.stdin.end(content.subarray(70_000)), 20);
    await new Promise((resolve) => child.on("close", resolve));
    expect(output).toBe(`- null 100000 ${content.reduce((sum, byte) => sum + byte, 0)}\n`);
  });
});

describe("a look at a file", () => {
  it("tells size and first bytes", async () => {
    expect(fileSize(path)).toBe(100_000);
    expect(firstBytes(path, 4)).toEqual(content.subarray(0, 4));
    writeFileSync(`${folder}/short`, "ab");
    expect(fileSize(`${folder}/short`)).toBe(2);
    expect(firstBytes(`${folder}/short`, 4)).toEqual(Uint8Array.of(97, 98));
  });

  it.each(["-", "a\0b", "", folder, `${folder}/none.pcap`, "/dev/null"])("knows nothing of %j", async (name) => {
    expect(fileSize(name)).toBeNull();
    expect(firstBytes(name, 4)).toEqual(new Uint8Array(0));
  });
});
