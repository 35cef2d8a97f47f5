import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Holds text to the file of that name under test/; `UPDATE_GOLDEN=1` writes it anew. */
export function expectGolden(name: string, text: string): void {
  const path = join(ROOT, name);
  if (process.env.UPDATE_GOLDEN === "1" || (!existsSync(path) && process.env.CI !== "true")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text, `${name} differs; UPDATE_GOLDEN=1 writes it anew`).toBe(readFileSync(path, "utf8"));
}
