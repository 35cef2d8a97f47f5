import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostDirectory, type HostObject, openDirectory } from "../../src/sys/directory.ts";
import { InputError } from "../../src/sys/input-error.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slotshark-directory-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...names: string[]) => join(root, ...names);
function named(directory: HostDirectory, name: string): HostObject {
  const found = directory.list()?.objects.find((object) => object.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}
function read(object: HostObject): string | null {
  if (object.kind !== "file") throw new Error(`${object.name} is a ${object.kind}`);
  const bytes = object.read();
  return bytes === null ? null : Buffer.from(bytes).toString();
}

test("files, directories and links are told with their modes and times", () => {
  mkdirSync(at("sub"));
  writeFileSync(at("sub", "file"), "contents");
  chmodSync(at("sub", "file"), 0o640);
  utimesSync(at("sub", "file"), 1000, 2000);
  symlinkSync("../elsewhere", at("link"));
  const directory = openDirectory(root);
  expect(named(directory, "link")).toMatchObject({ kind: "link", target: "../elsewhere" });
  const sub = named(directory, "sub") as HostDirectory;
  const file = named(sub, "file");
  expect(file).toMatchObject({ kind: "file", size: 8, mode: 0o640 });
  expect([file.accessedAt, file.modifiedAt]).toEqual([1000_000_000_000n, 2000_000_000_000n]);
  expect(read(file)).toBe("contents");
});

test("what cannot be shown is counted: pipes, and names that are not UTF-8", () => {
  execFileSync("mkfifo", [at("pipe")]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff])]), "");
  writeFileSync(at("file"), "");
  const listing = openDirectory(root).list();
  expect(listing?.objects.map(({ name }) => name)).toEqual(["file"]);
  expect(listing?.leftOut).toBe(2);
});

test("a link that took the place of a file is not read through", () => {
  writeFileSync(at("file"), "public");
  writeFileSync(at("secret"), "secret");
  const file = named(openDirectory(root), "file");
  unlinkSync(at("file"));
  symlinkSync("secret", at("file"));
  expect(read(file)).toBeNull();
});

test("nor is another file that took its place, or a link in the place of a directory", () => {
  writeFileSync(at("file"), "public");
  writeFileSync(at("other"), "other");
  mkdirSync(at("sub"));
  const directory = openDirectory(root);
  const [file, sub] = [named(directory, "file"), named(directory, "sub") as HostDirectory];
  renameSync(at("other"), at("file"));
  expect(read(file)).toBeNull();
  renameSync(at("sub"), at("moved"));
  symlinkSync("/", at("sub"));
  expect(sub.list()).toBeNull();
});

test("a file is read as long as it was when it was looked at", () => {
  writeFileSync(at("grows"), "1234");
  writeFileSync(at("shrinks"), "1234");
  const directory = openDirectory(root);
  const [grows, shrinks] = [named(directory, "grows"), named(directory, "shrinks")];
  appendFileSync(at("grows"), "5678");
  writeFileSync(at("shrinks"), "12");
  expect([read(grows), read(shrinks)]).toEqual(["1234", "12"]);
});

test("the directory itself may be named by a link", () => {
  mkdirSync(at("real"));
  writeFileSync(at("real", "file"), "");
  symlinkSync("real", at("link"));
  expect(named(openDirectory(at("link")), "file").kind).toBe("file");
});

test.each(["nothing", "file", "zero\0byte"])("%j is refused by name", (name) => {
  writeFileSync(at("file"), "");
  expect(() => openDirectory(at(name))).toThrow(InputError);
});
