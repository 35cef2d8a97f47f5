import { describe, expect, test } from "vitest";
import { attributeMask, writeAttributes } from "../../../src/nfs4/fattr.ts";
import { showDirectory } from "../../../src/server/fs/host-view.ts";
import { NF4DIR } from "../../../src/server/fs/inode.ts";
import type { HostDirectory, HostFile, HostLink, HostObject } from "../../../src/sys/directory.ts";
import { ROOT, refusalOf, StatelessServer, userOf } from "../../support/server-context.ts";

const FACTS = { mode: 0o755, uid: 0, gid: 0, accessedAt: 5n, modifiedAt: 7n };
const file = (name: string, text: string | null, size = text?.length ?? 0): HostFile => ({
  ...FACTS,
  kind: "file",
  name,
  size,
  read: () => (text === null ? null : Buffer.from(text)),
});
const link = (name: string, target: string): HostLink => ({ ...FACTS, kind: "link", name, target });
const directory = (name: string, objects: readonly HostObject[] | null, leftOut = 0): HostDirectory => ({
  ...FACTS,
  kind: "directory",
  name,
  list: () => (objects === null ? null : { objects, leftOut }),
});

/** `/export` with a file, a link and `sub/inner`, and `/mine`, which everybody may change. */
function exported() {
  const server = new StatelessServer();
  const tree = directory("", [file("file", "text"), link("link", "file"), directory("sub", [file("inner", "in")])]);
  const view = showDirectory(server.fileSystem, "export", tree);
  const mine = server.addDirectory(server.root, "mine", { mode: 0o777 });
  const root = server.fileSystem.lookup(server.root, "export");
  const [shownFile, shownSub] = ["file", "sub"].map((name) => server.fileSystem.lookup(root, name));
  return { server, view, mine, root, file: shownFile!, sub: shownSub! };
}

describe("what is shown", () => {
  test("names, contents, modes and times are those of the directory", () => {
    const { server, view, root, file: shown, sub } = exported();
    expect(view).toEqual({ shown: 4, leftOut: 0 });
    expect([...root.directory.after(0)].map(({ name }) => name)).toEqual(["file", "link", "sub"]);
    expect(Buffer.from(shown.data.read(0, 99)).toString()).toBe("text");
    expect(server.fileSystem.lookup(root, "link").target).toBe("file");
    expect(server.fileSystem.lookup(sub, "inner").size).toBe(2);
    for (const inode of [root, shown, sub]) {
      expect(inode).toMatchObject({ mode: 0o755, accessedAt: 5n, modifiedAt: 7n, isReadOnly: true });
    }
  });

  test("what cannot be read is left out and counted", () => {
    const { fileSystem, root } = new StatelessServer();
    const tree = directory("", [file("locked", null), directory("closed", null), file("open", "x")], 3);
    expect(showDirectory(fileSystem, "export", tree)).toEqual({ shown: 2, leftOut: 5 });
    const names = fileSystem.lookup(root, "export").directory;
    expect([names.get("locked"), names.get("open")?.inode.size]).toEqual([undefined, 1]);
  });

  test("a file that does not fit into memory is not read", () => {
    const { fileSystem } = new StatelessServer({ bytesMax: 1000 });
    const huge: HostFile = { ...file("huge", "", 2 ** 40), read: () => expect.fail("it was read") };
    expect(refusalOf(() => showDirectory(fileSystem, "export", directory("", [huge])))).toBe("NFS4ERR_NOSPC");
  });

  test("a deep tree is no deep recursion", () => {
    const { fileSystem } = new StatelessServer();
    let tree = directory("d", []);
    for (let depth = 0; depth < 5_000; depth++) tree = directory("d", [tree]);
    expect(showDirectory(fileSystem, "export", tree).shown).toBe(5_000);
  });
});

describe("what is asked to change it", () => {
  const NOTHING = writeAttributes({});
  const anonymous = { seqid: 0, other: new Uint8Array(12) };
  const mode = { stateid: anonymous, obj_attributes: writeAttributes({ mode: 0o777 }) };
  const size = { stateid: anonymous, obj_attributes: writeAttributes({ size: 0n }) };
  const made = { objtype: { type: NF4DIR }, objname: "new", createattrs: NOTHING };

  test.each([
    ["root", ROOT],
    ["others", userOf(10)],
  ])("is refused to %s as read-only", (_, user) => {
    const { server, root, mine, file: shown, sub } = exported();
    const other = server.add(mine, "other");
    const at = (inode: typeof root) => server.compound(inode, user);
    const statuses = {
      CREATE: at(root).status("CREATE", made),
      "REMOVE of a file": at(root).status("REMOVE", { target: "file" }),
      "REMOVE of it all": at(server.root).status("REMOVE", { target: "export" }),
      "RENAME within": at(root).withSaved(root).status("RENAME", { oldname: "file", newname: "new" }),
      "RENAME out": at(mine).withSaved(root).status("RENAME", { oldname: "file", newname: "new" }),
      "RENAME of it all": at(mine).withSaved(server.root).status("RENAME", { oldname: "export", newname: "new" }),
      "RENAME into": at(sub).withSaved(mine).status("RENAME", { oldname: "other", newname: "new" }),
      "RENAME over": at(server.root).withSaved(mine).status("RENAME", { oldname: "other", newname: "export" }),
      "LINK into": at(root).withSaved(other).status("LINK", { newname: "new" }),
      "LINK out": at(mine).withSaved(shown).status("LINK", { newname: "new" }),
      "SETATTR of a mode": at(shown).status("SETATTR", mode),
      "SETATTR of a size": at(shown).status("SETATTR", size),
    };
    expect(new Set(Object.values(statuses)), JSON.stringify(statuses)).toEqual(new Set(["NFS4ERR_ROFS"]));
    expect(Buffer.from(shown.data.read(0, 99)).toString()).toBe("text");
  });

  test("ACCESS grants reading and looking up, to the superuser too", () => {
    const { server, root } = exported();
    const { resok4 } = server.compound(root).ok<{ resok4: { access: number } }>("ACCESS", { access: 0x3f });
    expect(resok4.access).toBe(0b11);
  });

  test("what changes nothing goes on as everywhere", () => {
    const { server, root } = exported();
    const compound = server.compound(root, userOf(10));
    compound.ok("LOOKUP", { objname: "link" });
    expect(compound.ok("READLINK")).toMatchObject({ resok4: { link: "file" } });
    compound.ok("GETATTR", { attr_request: attributeMask("mode", "size") });
  });
});
