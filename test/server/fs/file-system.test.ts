import { describe, expect, test } from "vitest";
import { LINKS_MAX } from "../../../src/server/fs/file-system.ts";
import { NF4DIR, NF4LNK } from "../../../src/server/fs/inode.ts";
import { refusalOf, StatelessServer } from "../../support/server-context.ts";

function world() {
  const server = new StatelessServer();
  const { fileSystem, root } = server;
  return { server, fileSystem, root };
}

describe("names", () => {
  test("what is no directory has none", () => {
    const { server, fileSystem, root } = world();
    const file = server.add(root, "file");
    for (const act of [
      () => fileSystem.lookup(file, "x"),
      () => fileSystem.create(file, "x", { type: NF4DIR, mode: 0, uid: 0, gid: 0 }),
      () => fileSystem.link(file, file, "x"),
      () => fileSystem.remove(file, "x"),
      () => fileSystem.rename(root, "file", file, "x"),
      () => fileSystem.rename(file, "x", root, "y"),
    ]) {
      expect(refusalOf(act)).toBe("NFS4ERR_NOTDIR");
    }
  });

  test("a name is taken once", () => {
    const { server, fileSystem, root } = world();
    const file = server.add(root, "file");
    expect(refusalOf(() => server.add(root, "file"))).toBe("NFS4ERR_EXIST");
    expect(refusalOf(() => fileSystem.link(file, root, "file"))).toBe("NFS4ERR_EXIST");
  });

  test("directories cannot be linked, and only empty ones removed", () => {
    const { server, fileSystem, root } = world();
    const directory = server.addDirectory(root, "directory");
    server.add(directory, "file");
    expect(refusalOf(() => fileSystem.link(directory, root, "other"))).toBe("NFS4ERR_ISDIR");
    expect(refusalOf(() => fileSystem.remove(root, "directory"))).toBe("NFS4ERR_NOTEMPTY");
    expect(refusalOf(() => fileSystem.remove(root, "missing"))).toBe("NFS4ERR_NOENT");
  });

  test("a removed directory takes nothing more", () => {
    const { server, fileSystem, root } = world();
    const directory = server.addDirectory(root, "directory");
    const file = server.add(root, "file");
    fileSystem.remove(root, "directory");
    expect(refusalOf(() => server.add(directory, "x"))).toBe("NFS4ERR_STALE");
    expect(refusalOf(() => fileSystem.link(file, directory, "x"))).toBe("NFS4ERR_STALE");
    expect(refusalOf(() => fileSystem.rename(root, "file", directory, "x"))).toBe("NFS4ERR_STALE");
    expect(refusalOf(() => fileSystem.resolve(fileSystem.handleOf(directory)))).toBe("NFS4ERR_STALE");
  });

  test("a file has so many names and no more", () => {
    const { server, fileSystem, root } = world();
    const file = server.add(root, "file");
    for (let links = 1; links < LINKS_MAX; links++) fileSystem.link(file, root, `${links}`);
    expect(refusalOf(() => fileSystem.link(file, root, "one more"))).toBe("NFS4ERR_MLINK");
    expect(file.linkCount).toBe(LINKS_MAX);
  });
});

describe("open files", () => {
  test("outlive their last name, and go with the last open", () => {
    const { server, fileSystem, root } = world();
    const file = server.add(root, "file");
    file.data.write(0, new Uint8Array(1000));
    fileSystem.holdOpen(file);
    fileSystem.holdOpen(file);
    fileSystem.remove(root, "file");
    fileSystem.releaseOpen(file);
    expect(fileSystem.resolve(fileSystem.handleOf(file))).toBe(file);
    expect(refusalOf(() => fileSystem.link(file, root, "back"))).toBe("NFS4ERR_STALE");
    expect(fileSystem.space.used).toBe(1024);
    fileSystem.releaseOpen(file);
    expect(refusalOf(() => fileSystem.resolve(fileSystem.handleOf(file)))).toBe("NFS4ERR_STALE");
    expect([fileSystem.space.used, fileSystem.inodeCount]).toEqual([0, 1]);
    // Who waited to write to it comes too late.
    expect(refusalOf(() => file.data)).toBe("NFS4ERR_STALE");
  });
});

describe("rename", () => {
  test("two names of one object both stay, and nothing changes", () => {
    const { server, fileSystem, root } = world();
    const file = server.add(root, "a");
    fileSystem.link(file, root, "b");
    const { change } = root;
    const info = { atomic: true, before: change, after: change };
    expect(fileSystem.rename(root, "a", root, "b")).toEqual({ source: info, target: info });
    expect(fileSystem.rename(root, "a", root, "a")).toEqual({ source: info, target: info });
    expect([file.linkCount, root.directory.size]).toEqual([2, 2]);
  });

  test.each([
    ["file", "file 2", "NFS4_OK"],
    ["file", "empty", "NFS4ERR_EXIST"],
    ["file", "link", "NFS4_OK"],
    ["empty", "file", "NFS4ERR_EXIST"],
    ["empty", "full", "NFS4ERR_EXIST"],
    ["full", "empty", "NFS4_OK"],
    ["missing", "file", "NFS4ERR_NOENT"],
    ["missing", "missing", "NFS4ERR_NOENT"],
  ])("%s over %s: %s", (from, to, status) => {
    const { server, fileSystem, root } = world();
    for (const name of ["file", "file 2"]) server.add(root, name);
    server.addLink(root, "link", "file");
    server.addDirectory(root, "empty");
    server.add(server.addDirectory(root, "full"), "inside");
    const names = root.directory.size;
    expect(refusalOf(() => fileSystem.rename(root, from, root, to))).toBe(status);
    expect(root.directory.size).toBe(status === "NFS4_OK" ? names - 1 : names);
  });

  test("no directory gets into itself", () => {
    const { server, fileSystem, root } = world();
    const outer = server.addDirectory(root, "outer");
    const inner = server.addDirectory(outer, "inner");
    expect(refusalOf(() => fileSystem.rename(root, "outer", outer, "x"))).toBe("NFS4ERR_INVAL");
    expect(refusalOf(() => fileSystem.rename(root, "outer", inner, "x"))).toBe("NFS4ERR_INVAL");
    fileSystem.rename(outer, "inner", root, "inner");
    fileSystem.rename(root, "outer", inner, "x");
    expect([root.linkCount, inner.linkCount, outer.linkCount]).toEqual([3, 3, 2]);
    expect(outer.parent).toBe(inner);
  });
});

describe("limits", () => {
  test("of objects", () => {
    const server = new StatelessServer({ inodesMax: 3 });
    server.add(server.root, "a");
    server.add(server.root, "b");
    expect(refusalOf(() => server.add(server.root, "c"))).toBe("NFS4ERR_NOSPC");
    server.fileSystem.remove(server.root, "a");
    server.add(server.root, "c");
  });

  test("of names, which LINK makes without objects", () => {
    const server = new StatelessServer({ inodesMax: 5 });
    const { fileSystem, root } = server;
    const file = server.add(root, "0");
    for (let index = 1; index < 5; index++) fileSystem.link(file, root, `${index}`);
    expect(refusalOf(() => fileSystem.link(file, root, "5"))).toBe("NFS4ERR_NOSPC");
    expect(refusalOf(() => server.add(root, "5"))).toBe("NFS4ERR_NOSPC");
    fileSystem.rename(root, "0", root, "5");
    fileSystem.remove(root, "5");
    fileSystem.link(file, root, "6");
    expect([file.linkCount, root.directory.size]).toEqual([5, 5]);
  });

  test("targets of symbolic links take space", () => {
    const server = new StatelessServer({ bytesMax: 5000 });
    const { fileSystem, root } = server;
    const link = server.addLink(root, "a", "x".repeat(4000));
    expect([link.size, link.spaceUsed, fileSystem.space.used]).toEqual([4000, 4000, 4000]);
    expect(refusalOf(() => server.addLink(root, "b", "x".repeat(1001)))).toBe("NFS4ERR_NOSPC");
    expect([fileSystem.inodeCount, fileSystem.find(root, "b")]).toEqual([2, null]);
    fileSystem.remove(root, "a");
    expect(fileSystem.space.used).toBe(0);
    expect(server.addLink(root, "b", "ü").type).toBe(NF4LNK);
    expect(fileSystem.space.used).toBe(2);
  });
});
