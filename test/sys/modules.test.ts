import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../src/sys/input-error.ts";
import { defaultExportOf } from "../../src/sys/modules.ts";

let folder: string;
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-modules-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the default export, if there is one", async () => {
  expect(await defaultExportOf(write("a.mjs", "export default [7];"))).toEqual([7]);
  expect(await defaultExportOf(write("b.mjs", "export const a = 7;"))).toBeUndefined();
});

test.each([
  ["none.mjs", null, "no such file"],
  ["bad.mjs", "export default [", "cannot be loaded: "],
  ["throws.mjs", "throw new TypeError('two\\nlines');", "cannot be loaded: TypeError: two lines"],
  [".", null, "is not a file"],
])("%s: one line that says what is wrong", async (name, text, message) => {
  const path = text === null ? join(folder, name) : write(name, text);
  const error = await defaultExportOf(path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toContain(`${path}: ${message}`);
  expect((error as Error).message).not.toContain("\n");
});
