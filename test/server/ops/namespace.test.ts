import { describe, expect, test } from "vitest";
import { readAttributes, writeAttributes } from "../../../src/nfs4/fattr.ts";
import type { change_info4 } from "../../../src/nfs4/types.ts";
import { encodeAttributes } from "../../../src/server/fs/attributes.ts";
import { NF4CHR, NF4DIR, NF4FIFO, NF4LNK, NF4REG } from "../../../src/server/fs/inode.ts";
import { StatelessServer, userOf } from "../../support/server-context.ts";

const NOTHING = writeAttributes({});
const USER = userOf(10, 20);
const createArgs = (objname: string, objtype: object = { type: NF4DIR }, createattrs = NOTHING) => ({
  objtype,
  objname,
  createattrs,
});

describe("LOOKUP and LOOKUPP", () => {
  test("go down and up", () => {
    const server = new StatelessServer();
    const outer = server.addDirectory(server.root, "outer");
    const inner = server.addDirectory(outer, "inner");
    const compound = server.compound();
    for (const objname of ["outer", "inner"]) compound.ok("LOOKUP", { objname });
    expect(compound.context.current).toBe(inner);
    compound.ok("LOOKUPP");
    expect(compound.context.current).toBe(outer);
    compound.ok("LOOKUPP");
    expect(compound.status("LOOKUPP")).toBe("NFS4ERR_NOENT");
    expect(compound.context.current).toBe(server.root);
  });

  test("take the right to look into the directory, not to read it", () => {
    const server = new StatelessServer();
    const [open, closed] = [0o711, 0o644].map((mode) => server.addDirectory(server.root, `${mode}`, { mode }));
    for (const directory of [open, closed]) server.add(directory!, "file");
    expect(server.compound(open, USER).status("LOOKUP", { objname: "file" })).toBe("NFS4_OK");
    expect(server.compound(open, USER).status("LOOKUPP")).toBe("NFS4_OK");
    // Nor is told whether the name is there.
    for (const objname of ["file", "missing"]) {
      expect(server.compound(closed, USER).status("LOOKUP", { objname })).toBe("NFS4ERR_ACCESS");
    }
    expect(server.compound(closed, USER).status("LOOKUPP")).toBe("NFS4ERR_ACCESS");
  });

  test("a symbolic link is not followed", () => {
    const server = new StatelessServer();
    const link = server.addLink(server.root, "link", ".");
    expect(server.compound(link).status("LOOKUP", { objname: "link" })).toBe("NFS4ERR_SYMLINK");
    expect(server.compound(link).status("LOOKUPP")).toBe("NFS4ERR_SYMLINK");
    expect(server.compound(server.add(server.root, "file")).status("LOOKUPP")).toBe("NFS4ERR_NOTDIR");
  });
});

describe("CREATE", () => {
  test.each([
    [{ type: NF4DIR }, {}],
    [{ type: NF4FIFO }, {}],
    [{ type: NF4LNK, linkdata: "some/where" }, { target: "some/where" }],
    [{ type: NF4CHR, devdata: { specdata1: 1, specdata2: 3 } }, { device: { specdata1: 1, specdata2: 3 } }],
  ])("makes %o", (objtype, made) => {
    const server = new StatelessServer();
    const compound = server.compound();
    const { change } = server.root;
    const attributes = writeAttributes({ mode: 0o750, owner_group: "7" });
    const { resok4 } = compound.ok<{ resok4: { cinfo: change_info4; attrset: number[] } }>(
      "CREATE",
      createArgs("new", objtype, attributes),
    );
    expect(resok4).toEqual({
      cinfo: { atomic: true, before: change, after: change + 1n },
      attrset: attributes.attrmask,
    });
    expect(compound.context.current).toBe(server.fileSystem.lookup(server.root, "new"));
    expect(compound.context.current).toMatchObject({ ...made, type: objtype.type, mode: 0o750, uid: 0, gid: 7 });
  });

  test("gives what it makes to the user", () => {
    const server = new StatelessServer();
    const compound = server.compound(server.root, USER);
    compound.ok("CREATE", createArgs("new"));
    expect(compound.context.current).toMatchObject({ uid: 10, gid: 20, mode: 0o755 });
  });

  test.each<[string, ReturnType<typeof createArgs>]>([
    ["NFS4ERR_EXIST", createArgs("there")],
    ["NFS4ERR_BADTYPE", createArgs("new", { type: NF4REG })],
    ["NFS4ERR_BADTYPE", createArgs("new", { type: 8 })],
    ["NFS4ERR_INVAL", createArgs("")],
    ["NFS4ERR_INVAL", createArgs("new", { type: NF4LNK, linkdata: "" })],
    ["NFS4ERR_NAMETOOLONG", createArgs("new", { type: NF4LNK, linkdata: "x".repeat(5000) })],
    ["NFS4ERR_PERM", createArgs("new", { type: NF4CHR, devdata: { specdata1: 1, specdata2: 3 } })],
    ["NFS4ERR_PERM", createArgs("new", { type: NF4DIR }, writeAttributes({ owner: "11" }))],
    ["NFS4ERR_BADOWNER", createArgs("new", { type: NF4DIR }, writeAttributes({ owner: "nobody" }))],
    ["NFS4ERR_INVAL", createArgs("new", { type: NF4DIR }, writeAttributes({ size: 0n }))],
    ["NFS4ERR_ATTRNOTSUPP", createArgs("new", { type: NF4DIR }, writeAttributes({ hidden: true }))],
  ])("%s: nothing is made of %o", (status, args) => {
    const server = new StatelessServer();
    server.add(server.root, "there");
    const compound = server.compound(server.root, USER);
    expect(compound.status("CREATE", args)).toBe(status);
    expect([...server.root.directory.after(0)].map(({ name }) => name)).toEqual(["there"]);
    expect(server.fileSystem.inodeCount).toBe(2);
    expect(compound.context.current).toBe(server.root);
  });
});

describe("READLINK", () => {
  test("tells the target, byte by byte", () => {
    const server = new StatelessServer();
    const link = server.addLink(server.root, "link", "../ü/🦈");
    const { resok4 } = server.compound(link, userOf(99)).ok<{ resok4: { link: string } }>("READLINK");
    expect(resok4.link).toBe("../ü/🦈");
  });

  test("is for symbolic links", () => {
    const server = new StatelessServer();
    expect(server.compound().status("READLINK")).toBe("NFS4ERR_WRONG_TYPE");
    expect(server.compound(server.add(server.root, "file")).status("READLINK")).toBe("NFS4ERR_WRONG_TYPE");
  });
});

describe("LINK, REMOVE and RENAME", () => {
  test("a name more, a name less", () => {
    const server = new StatelessServer();
    const file = server.add(server.root, "a");
    server.compound().withSaved(file).ok("LINK", { newname: "b" });
    expect(linksOf(server, "b")).toBe(2);
    server.compound().ok("REMOVE", { target: "a" });
    expect(linksOf(server, "b")).toBe(1);
  });

  test("RENAME tells of both directories", () => {
    const server = new StatelessServer();
    const [from, to] = ["from", "to"].map((name) => server.addDirectory(server.root, name));
    const file = server.add(from!, "old");
    const before = [from!.change, to!.change];
    const compound = server.compound(to).withSaved(from!);
    const { resok4 } = compound.ok<{ resok4: { source_cinfo: change_info4; target_cinfo: change_info4 } }>("RENAME", {
      oldname: "old",
      newname: "new",
    });
    expect([resok4.source_cinfo.before, resok4.target_cinfo.before]).toEqual(before);
    expect([resok4.source_cinfo.after, resok4.target_cinfo.after]).toEqual([from!.change, to!.change]);
    expect(server.fileSystem.lookup(to!, "new")).toBe(file);
  });

  test.each([
    ["REMOVE", { target: "root's" }, "NFS4ERR_ACCESS"],
    ["REMOVE", { target: "own" }, "NFS4_OK"],
    ["RENAME", { oldname: "root's", newname: "x" }, "NFS4ERR_ACCESS"],
    ["RENAME", { oldname: "own", newname: "x" }, "NFS4_OK"],
    ["RENAME", { oldname: "own", newname: "root's" }, "NFS4ERR_ACCESS"],
    ["LINK", { newname: "x" }, "NFS4_OK"],
  ])("%s %o in a sticky directory: %s", (operation, args, status) => {
    const server = new StatelessServer();
    const sticky = server.addDirectory(server.root, "tmp", { mode: 0o1777 });
    server.add(sticky, "root's");
    const own = server.add(sticky, "own", { uid: 10 });
    const saved = operation === "LINK" ? own : sticky;
    expect(server.compound(sticky, USER).withSaved(saved).status(operation, args)).toBe(status);
  });

  test.each([
    ["REMOVE", ["there", "missing"].map((target) => ({ target }))],
    ["RENAME", ["there", "missing"].map((oldname) => ({ oldname, newname: "x" }))],
    ["LINK", [{ newname: "x" }]],
    ["CREATE", [createArgs("x")]],
  ])("%s takes the right to write and to look", (operation, rows) => {
    const server = new StatelessServer();
    for (const mode of [0o775, 0o776, 0o774]) {
      const directory = server.addDirectory(server.root, `${mode}`, { mode });
      const file = server.add(directory, "there", { uid: 10 });
      const saved = operation === "LINK" ? file : directory;
      for (const args of rows) {
        const status = server.compound(directory, USER).withSaved(saved).status(operation, args);
        // Who may look learns what is missing, nobody else.
        const mayLook = (mode & 1) !== 0 && JSON.stringify(args).includes("missing");
        expect(status).toBe(mayLook ? "NFS4ERR_NOENT" : "NFS4ERR_ACCESS");
      }
    }
  });

  test("there are no named attributes", () => {
    expect(new StatelessServer().compound().status("OPENATTR", { createdir: true })).toBe("NFS4ERR_NOTSUPP");
  });
});

describe("delegations", () => {
  test("of what is removed or replaced are asked for, and waited for", async () => {
    const asked: unknown[] = [];
    const yieldDelegations = (_: unknown, inode: unknown) => {
      asked.push(inode);
      return Promise.resolve();
    };
    const server = new StatelessServer({}, { yieldDelegations });
    const [a, b] = ["a", "b"].map((name) => server.add(server.root, name));
    await server.compound().withSaved(server.root).later("RENAME", { oldname: "a", newname: "b" });
    expect(asked).toEqual([a, b]);
    expect(server.fileSystem.lookup(server.root, "b")).toBe(a);
  });
});

function linksOf(server: StatelessServer, name: string): number | undefined {
  const inode = server.fileSystem.lookup(server.root, name);
  const source = { inode, fileSystem: server.fileSystem, leaseSeconds: 90, minorVersion: 2 };
  return readAttributes(encodeAttributes(source, [0, 1 << 3])).known.numlinks;
}
