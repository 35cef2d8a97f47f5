import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createFile, type OutputFile } from "../../src/sys/output-file.ts";

const folder = mkdtempSync(join(tmpdir(), "slotshark-output-"));
afterAll(() => rmSync(folder, { recursive: true }));

function created(path: string): OutputFile {
  const file = createFile(path);
  if (typeof file === "string") throw new Error(file);
  return file;
}

test("what is written is in the file at once, in its order", () => {
  const path = join(folder, "whole");
  const pieces = [3, 1_000_000, 0, 7].map((length, i) => new Uint8Array(length).fill(i + 1));
  const file = created(path);
  for (const piece of pieces) file.write(piece);
  expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
  expect(file.close()).toBeNull();
});

test("a file that was there is overwritten", () => {
  const path = join(folder, "twice");
  for (const length of [9, 2]) {
    const file = created(path);
    file.write(new Uint8Array(length));
    file.close();
  }
  expect(readFileSync(path)).toHaveLength(2);
});

test("after its end nothing is written, and it may be closed again", () => {
  const path = join(folder, "closed");
  const file = created(path);
  file.close();
  file.write(Uint8Array.of(1));
  expect(file.close()).toBeNull();
  expect(readFileSync(path)).toHaveLength(0);
});

test("a file that cannot be made: the reason", () => {
  expect(createFile(join(folder, "no", "such", "folder"))).toContain("ENOENT");
  expect(createFile(folder)).toContain("EISDIR");
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told at the end, and does not disturb before", () => {
  const file = created("/dev/full");
  file.write(new Uint8Array(10));
  file.write(new Uint8Array(10));
  expect(file.close()).toContain("ENOSPC");
});
