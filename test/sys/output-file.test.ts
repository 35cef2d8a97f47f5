import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OutputFile } from "../../src/sys/output-file.ts";

const folder = mkdtempSync(join(tmpdir(), "slotshark-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("small and large writes end up in the file in their order", () => {
  const path = join(folder, "whole");
  const pieces = [3, 200_000, 100_000, 1_000_000, 0, 7].map((length, i) => new Uint8Array(length).fill(i + 1));
  const file = new OutputFile(path);
  for (const piece of pieces) file.write(piece);
  expect(file.close()).toBeNull();
  expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
});

test("what was flushed can be read while the file is open", () => {
  const path = join(folder, "open");
  const file = new OutputFile(path);
  file.write(Uint8Array.of(1, 2, 3));
  expect(readFileSync(path)).toHaveLength(0);
  file.flush();
  expect(readFileSync(path)).toHaveLength(3);
  file.close();
});

test("a file that cannot be made is told at once", () => {
  expect(() => new OutputFile(join(folder, "no", "such", "folder"))).toThrow("ENOENT");
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told at the end, and does not disturb before", () => {
  const file = new OutputFile("/dev/full");
  file.write(new Uint8Array(1_000_000));
  file.write(new Uint8Array(1_000_000));
  expect(file.close()).toContain("ENOSPC");
});
