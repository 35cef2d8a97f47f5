import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { probeFamilies, probes } from "../../src/probe/index.ts";

const FOLDER = join(import.meta.dirname, "../../src/probe");

test("there are 97 probes, each under its own id", () => {
  expect(probes).toHaveLength(97);
  expect(new Set(probes.map(({ id }) => id)).size).toBe(97);
});

test("a probe is a file of that name in the folder of its family", () => {
  const missing = [...probeFamilies].flatMap(([family, members]) =>
    members.filter(({ id }) => !existsSync(join(FOLDER, family, `${id}.ts`))).map(({ id }) => `${family}/${id}`),
  );
  expect(missing).toEqual([]);
});

test("every folder is a family", () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => basename(name)).sort()).toEqual([...probeFamilies.keys()].sort());
});

test.each(probes.map((probe) => [probe.id, probe] as const))(
  "%s says what it requires, and where that stands",
  (_, probe) => {
    expect(probe.title).not.toBe("");
    expect(probe.requires).not.toBe("");
    expect(probe.rfc).toMatch(/RFC (8881|7862|5531|8178) §\d/);
    // A title is a line of a list.
    expect(probe.title.length).toBeLessThanOrEqual(100);
  },
);
