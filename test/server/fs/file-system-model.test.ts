import { expect, test } from "vitest";
import { type Inode, NF4DIR, NF4REG } from "../../../src/server/fs/inode.ts";
import { pick, random } from "../../support/random.ts";
import { refusalOf, StatelessServer } from "../../support/server-context.ts";

/** The file system against a map of paths, over thousands of random steps. */

const NAMES = ["a", "b", "c"];
const DEPTH_MAX = 3;

interface Thing {
  readonly isDirectory: boolean;
  readonly inode: Inode;
}

/** A tree as simple as can be: what every path leads to. */
class Paths {
  readonly things = new Map<string, Thing>();

  constructor(root: Inode) {
    this.things.set("", { isDirectory: true, inode: root });
  }

  below(path: string): string[] {
    return [...this.things.keys()].filter((each) => each.startsWith(`${path}/`));
  }

  children(path: string): string[] {
    return this.below(path).filter((each) => each.lastIndexOf("/") === path.length);
  }

  move(from: string, to: string): void {
    for (const path of [from, ...this.below(from)]) {
      const thing = this.things.get(path) as Thing;
      this.things.delete(path);
      this.things.set(to + path.slice(from.length), thing);
    }
  }

  /** What stat would count: names, or for a directory its own two and one for each directory in it. */
  linkCount(inode: Inode): number {
    const paths = [...this.things].filter(([, thing]) => thing.inode === inode);
    if (paths.length === 0 || !inode.isDirectory) return paths.length;
    const [path] = paths[0] as [string, Thing];
    return 2 + this.children(path).filter((each) => this.things.get(each)?.isDirectory).length;
  }
}

class Comparison {
  readonly server = new StatelessServer();
  readonly paths = new Paths(this.server.root);
  readonly open: Inode[] = [];
  readonly next: () => number;
  readonly outcomes = new Map<string, number>();

  constructor(seed: number) {
    this.next = random(seed);
  }

  step(): void {
    const act = pick(this.next, [
      this.create,
      this.create,
      this.link,
      this.rename,
      this.rename,
      this.remove,
      this.lookup,
      this.openOrClose,
    ]);
    const directory = this.directory();
    const changes = [...this.paths.things.values()].map(({ inode }) => [inode, inode.change] as const);
    const { expected, status } = act.call(this, directory, pick(this.next, NAMES));
    expect(status).toBe(expected);
    const key = `${act.name} ${status}`;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
    if (status !== "NFS4_OK") expect(changes.filter(([inode, change]) => inode.change !== change)).toEqual([]);
  }

  /** Everything is where the model says, and has as many links. */
  verify(): void {
    const { fileSystem } = this.server;
    const living = new Set([...this.paths.things.values()].map(({ inode }) => inode).concat(this.open));
    const lost = [...this.paths.things].filter(([path, { inode }]) => !this.isInPlace(path, inode));
    expect(lost.map(([path]) => path)).toEqual([]);
    const isRight = (inode: Inode) =>
      fileSystem.resolve(fileSystem.handleOf(inode)) === inode && inode.linkCount === this.paths.linkCount(inode);
    expect([...living].filter((inode) => !isRight(inode))).toEqual([]);
    expect(fileSystem.inodeCount).toBe(living.size);
    expect(fileSystem.space.used).toBe([...living].reduce((sum, { spaceUsed }) => sum + spaceUsed, 0));
  }

  isInPlace(path: string, inode: Inode): boolean {
    const { things } = this.paths;
    const names = path.split("/").slice(1);
    const found = names.reduce((at, name) => this.server.fileSystem.lookup(at, name), this.server.root);
    if (!inode.isDirectory || path === "") return found === inode;
    const parent = things.get(path.slice(0, path.lastIndexOf("/")))?.inode;
    return found === inode && inode.parent === parent && inode.directory.size === this.paths.children(path).length;
  }

  directory(): string {
    const paths = [...this.paths.things].filter(([, { isDirectory }]) => isDirectory).map(([path]) => path);
    return pick(
      this.next,
      paths.filter((path) => path.split("/").length <= DEPTH_MAX),
    );
  }

  create(directory: string, name: string) {
    const { things } = this.paths;
    const at = things.get(directory)?.inode as Inode;
    const path = `${directory}/${name}`;
    const expected = things.has(path) ? "NFS4ERR_EXIST" : "NFS4_OK";
    const isDirectory = this.next() < 0.4;
    const { change: before } = at;
    const status = refusalOf(() => {
      const { fileSystem } = this.server;
      const type = isDirectory ? NF4DIR : NF4REG;
      const { inode, change } = fileSystem.create(at, name, { type, mode: 0o755, uid: 0, gid: 0 });
      expect(change).toEqual({ atomic: true, before, after: before + 1n });
      if (!isDirectory) inode.data.write(0, new Uint8Array(10));
      things.set(path, { isDirectory, inode });
    });
    return { expected, status };
  }

  link(directory: string, name: string) {
    const { things } = this.paths;
    const at = things.get(directory)?.inode as Inode;
    const thing = pick(this.next, [...things.values()]);
    const path = `${directory}/${name}`;
    const expected = thing.isDirectory ? "NFS4ERR_ISDIR" : things.has(path) ? "NFS4ERR_EXIST" : "NFS4_OK";
    const { change: before } = at;
    const status = refusalOf(() => {
      const change = this.server.fileSystem.link(thing.inode, at, name);
      expect(change).toEqual({ atomic: true, before, after: before + 1n });
      things.set(path, thing);
    });
    return { expected, status };
  }

  remove(directory: string, name: string) {
    const { things } = this.paths;
    const at = things.get(directory)?.inode as Inode;
    const path = `${directory}/${name}`;
    const isFull = this.paths.below(path).length > 0;
    const expected = things.has(path) ? (isFull ? "NFS4ERR_NOTEMPTY" : "NFS4_OK") : "NFS4ERR_NOENT";
    const { change: before } = at;
    const status = refusalOf(() => {
      const change = this.server.fileSystem.remove(at, name);
      expect(change).toEqual({ atomic: true, before, after: before + 1n });
      things.delete(path);
    });
    return { expected, status };
  }

  rename(directory: string, name: string) {
    const { things } = this.paths;
    const toDirectory = this.directory();
    const [from, to] = [`${directory}/${name}`, `${toDirectory}/${pick(this.next, NAMES)}`];
    const [source, target] = [things.get(directory)?.inode as Inode, things.get(toDirectory)?.inode as Inode];
    const expected = this.renameStatus(from, to);
    const isIdle = things.get(from)?.inode === things.get(to)?.inode;
    const before = [source.change, target.change];
    const status = refusalOf(() => {
      const info = this.server.fileSystem.rename(source, name, target, to.slice(to.lastIndexOf("/") + 1));
      expect([info.source.before, info.target.before]).toEqual(before);
      expect([info.source.after, info.target.after]).toEqual([source.change, target.change]);
      expect([source.change, target.change]).toEqual(before.map((change) => (isIdle ? change : change + 1n)));
      if (isIdle) return;
      things.delete(to);
      this.paths.move(from, to);
    });
    return { expected, status };
  }

  renameStatus(from: string, to: string): string {
    const [moved, replaced] = [this.paths.things.get(from), this.paths.things.get(to)];
    if (moved === undefined) return "NFS4ERR_NOENT";
    if (moved.isDirectory && to.startsWith(`${from}/`)) return "NFS4ERR_INVAL";
    if (replaced === undefined || replaced.inode === moved.inode) return "NFS4_OK";
    const isFull = this.paths.below(to).length > 0;
    return replaced.isDirectory !== moved.isDirectory || isFull ? "NFS4ERR_EXIST" : "NFS4_OK";
  }

  lookup(directory: string, name: string) {
    const { things } = this.paths;
    const thing = things.get(`${directory}/${name}`);
    const status = refusalOf(() => {
      const found = this.server.fileSystem.lookup(things.get(directory)?.inode as Inode, name);
      expect(found).toBe(thing?.inode);
    });
    return { expected: thing === undefined ? "NFS4ERR_NOENT" : "NFS4_OK", status };
  }

  openOrClose(directory: string, name: string) {
    const thing = this.paths.things.get(`${directory}/${name}`);
    const { fileSystem } = this.server;
    if (thing !== undefined && !thing.isDirectory && this.open.length < 5) {
      fileSystem.holdOpen(thing.inode);
      this.open.push(thing.inode);
    } else {
      const closed = this.open.shift();
      if (closed !== undefined) fileSystem.releaseOpen(closed);
    }
    return { expected: "NFS4_OK", status: "NFS4_OK" };
  }
}

test.each([1, 2, 3, 4, 5, 6])("seed %i", (seed) => {
  const comparison = new Comparison(seed);
  for (let step = 0; step < 3000; step++) {
    comparison.step();
    if (step % 25 === 0) comparison.verify();
  }
  comparison.verify();
  // It was no idle walk: all that can happen did.
  for (const outcome of [
    "create NFS4_OK",
    "create NFS4ERR_EXIST",
    "link NFS4_OK",
    "link NFS4ERR_ISDIR",
    "remove NFS4_OK",
    "remove NFS4ERR_NOTEMPTY",
    "rename NFS4_OK",
    "rename NFS4ERR_EXIST",
    "rename NFS4ERR_INVAL",
  ]) {
    expect(comparison.outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(5);
  }
});
