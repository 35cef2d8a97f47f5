import { describe, expect, test } from "vitest";
import { Directory } from "../../../src/server/fs/directory.ts";
import type { Inode } from "../../../src/server/fs/inode.ts";
import { integer, pick, random } from "../../support/random.ts";

const SOMETHING = {} as Inode;
const listed = (directory: Directory, cookie = 0) => [...directory.after(cookie)].map(({ name }) => name);

function directoryOf(...names: string[]): Directory {
  const directory = new Directory();
  for (const name of names) directory.set(name, SOMETHING);
  return directory;
}

describe("rows", () => {
  test("names are listed in the order in which they came", () => {
    const directory = directoryOf("c", "a", "b");
    directory.set("a", SOMETHING);
    expect(listed(directory)).toEqual(["c", "b", "a"]);
    expect(directory.size).toBe(3);
  });

  test("the reserved cookies are not used", () => {
    const [first] = directoryOf("a").after(0);
    expect(first?.cookie).toBe(3);
  });

  test("a cookie whose name is gone still says where to go on", () => {
    const directory = directoryOf("a", "b", "c");
    const cookie = directory.get("b")?.cookie as number;
    directory.delete("b");
    directory.delete("b");
    expect(listed(directory, cookie)).toEqual(["c"]);
    expect(listed(directory, Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  test("names of objects' methods are names", () => {
    const directory = new Directory();
    expect(directory.get("constructor")).toBeUndefined();
    directory.set("__proto__", SOMETHING);
    expect(listed(directory)).toEqual(["__proto__"]);
  });
});

describe("over changes", () => {
  test("cookies survive the closing of gaps", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `name ${index}`);
    const directory = directoryOf(...names);
    const cookies = new Map([...directory.after(0)].map(({ name, cookie }) => [name, cookie]));
    for (const [index, name] of names.entries()) if (index % 10 !== 0) directory.delete(name);
    for (const entry of directory.after(0)) expect(entry.cookie).toBe(cookies.get(entry.name));
    const cookie = cookies.get("name 555") as number;
    expect(listed(directory, cookie)[0]).toBe("name 560");
  });

  test.each([1, 2, 3, 4, 5])("seed %i: whoever reads on sees each name that stays exactly once", (seed) => {
    const next = random(seed);
    const names = Array.from({ length: 400 }, (_, index) => `stays ${index}`);
    const directory = directoryOf(...names);
    const seen: string[] = [];
    let cookie = 0;
    for (let turn = 0; ; turn++) {
      const page = [...takeFirst(directory.after(cookie), integer(next, 1, 20))];
      if (page.length === 0) break;
      seen.push(...page.map(({ name }) => name));
      cookie = page.at(-1)?.cookie as number;
      for (let i = 0; i < 15 && turn < 100; i++) {
        const name = `comes and goes ${integer(next, 0, 200)}`;
        if (pick(next, [true, false])) directory.set(name, SOMETHING);
        else directory.delete(name);
      }
    }
    expect(seen.filter((name) => name.startsWith("stays"))).toEqual(names);
  });
});

function* takeFirst<T>(list: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of list) {
    yield item;
    if (++taken === count) return;
  }
}
