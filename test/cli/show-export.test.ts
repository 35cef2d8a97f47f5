import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { showExport } from "../../src/cli/show-export.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { FileSystem } from "../../src/server/fs/file-system.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

let path: string;
beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), "slotshark-export-"));
  mkdirSync(join(path, "sub"));
  writeFileSync(join(path, "sub", "file"), "contents");
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

const fileSystem = (bytesMax = 1_000_000) =>
  new FileSystem(new VirtualTimers(), { bytesMax, inodesMax: 100, bulkBytesMax: 1_000_000 });

test("a directory becomes /export", () => {
  const shown = fileSystem();
  expect(showExport(shown, path)).toBe(`/export is a read-only copy of ${path} as it is now: 2 objects`);
  const sub = shown.lookup(shown.lookup(shown.root, "export"), "sub");
  expect(Buffer.from(shown.lookup(sub, "file").data.read(0, 99)).toString()).toBe("contents");
});

test("one that does not fit names the option", () => {
  expect(() => showExport(fileSystem(100), path)).toThrow(UsageError);
  expect(() => showExport(fileSystem(100), path)).toThrow("--max-bytes");
});
