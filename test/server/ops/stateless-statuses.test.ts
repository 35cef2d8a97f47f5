import { describe, expect, test } from "vitest";
import { writeAttributes } from "../../../src/nfs4/fattr.ts";
import { type Inode, NF4BLK, NF4DIR, NF4FIFO, NF4LNK, NF4REG } from "../../../src/server/fs/inode.ts";
import { textOf } from "../../../src/xdr/text.ts";
import { ROOT, StatelessServer, userOf } from "../../support/server-context.ts";

/** Each operation at each kind of object, with each bad argument, for each user: `run` fails on a status that it must not give. */

const NAMES = [
  "file",
  "directory",
  "link",
  "missing",
  "",
  ".",
  "..",
  "a/b",
  "a\0",
  textOf(Uint8Array.of(0xff)),
  "x".repeat(256),
  "__proto__",
];
/** Each of the first few with each of them, and every other one on either side. */
const PAIRS = NAMES.flatMap((one, index) =>
  (index < 4 ? NAMES.slice(0, 4) : ["file"]).flatMap((other) => [
    [one, other],
    [other, one],
  ]),
);
const STATEID = { seqid: 0, other: new Uint8Array(12) };
const ALL_BITS = Array.from({ length: 8 }, () => 0xffff_ffff);

const FATTRS = [
  writeAttributes({}),
  writeAttributes({ mode: 0o644 }),
  writeAttributes({ mode: 0xffff_ffff }),
  writeAttributes({ size: 10n }),
  writeAttributes({ size: 2n ** 64n - 1n }),
  writeAttributes({ owner: "12" }),
  writeAttributes({ owner_group: "nobody@nowhere" }),
  writeAttributes({ time_access_set: { set_it: 1, time: { seconds: -(2n ** 63n), nseconds: 0xffff_ffff } } }),
  writeAttributes({ time_modify_set: { set_it: 1, time: { seconds: 2n ** 63n - 1n, nseconds: 0 } } }),
  writeAttributes({ type: 2 }),
  writeAttributes({ acl: [] }),
  { attrmask: ALL_BITS, attr_vals: new Uint8Array(100) },
  { attrmask: [1 << 4], attr_vals: new Uint8Array(3) },
  { attrmask: [], attr_vals: new Uint8Array(3) },
];
const READDIRS = [0n, 1n, 2n, 3n, 2n ** 64n - 1n].flatMap((cookie) =>
  [0, 15, 16, 60, 0xffff_ffff].flatMap((maxcount) =>
    [0, 9].map((fill) => ({
      cookie,
      cookieverf: new Uint8Array(8).fill(fill),
      dircount: maxcount,
      maxcount,
      attr_request: maxcount > 60 ? ALL_BITS : [],
    })),
  ),
);
const CREATES = NAMES.flatMap((objname) =>
  [
    { type: NF4DIR },
    { type: NF4REG },
    { type: NF4FIFO },
    { type: 77 },
    { type: NF4LNK, linkdata: "x" },
    { type: NF4LNK, linkdata: "" },
    { type: NF4LNK, linkdata: textOf(Uint8Array.of(0xfe)) },
    { type: NF4BLK, devdata: { specdata1: 1, specdata2: 2 } },
  ].map((objtype) => ({ objtype, objname, createattrs: FATTRS[0] })),
);

const ARGUMENTS: Record<string, readonly unknown[]> = {
  PUTROOTFH: [undefined],
  PUTPUBFH: [undefined],
  PUTFH: [0, 16, 128].map((length) => ({ object: new Uint8Array(length) })),
  GETFH: [undefined],
  SAVEFH: [undefined],
  RESTOREFH: [undefined],
  LOOKUP: NAMES.map((objname) => ({ objname })),
  LOOKUPP: [undefined],
  CREATE: [
    ...CREATES,
    ...FATTRS.map((createattrs) => ({ objtype: { type: NF4DIR }, objname: "created", createattrs })),
  ],
  LINK: NAMES.map((newname) => ({ newname })),
  REMOVE: NAMES.map((target) => ({ target })),
  RENAME: PAIRS.map(([oldname, newname]) => ({ oldname, newname })),
  READLINK: [undefined],
  OPENATTR: [{ createdir: false }, { createdir: true }],
  ACCESS: [{ access: 0 }, { access: 0xffff_ffff }],
  GETATTR: [[], [0xffff_ffff], ALL_BITS].map((attr_request) => ({ attr_request })),
  SETATTR: FATTRS.map((obj_attributes) => ({ stateid: STATEID, obj_attributes })),
  VERIFY: FATTRS.map((obj_attributes) => ({ obj_attributes })),
  NVERIFY: FATTRS.map((obj_attributes) => ({ obj_attributes })),
  READDIR: READDIRS,
  SECINFO: NAMES.map((name) => ({ name })),
  SECINFO_NO_NAME: [0, 1, 2, 0xffff_ffff],
};

/** A file system with one of each kind, and something in the way everywhere. */
function objectsOf(server: StatelessServer): (Inode | null)[] {
  const { root } = server;
  const directory = server.addDirectory(root, "directory", { mode: 0o1777 });
  const locked = server.addDirectory(root, "locked", { mode: 0o700 });
  for (const at of [directory, locked]) {
    server.add(at, "file");
    server.addDirectory(at, "directory");
    server.addLink(at, "link", "file");
  }
  const file = server.add(root, "file", { mode: 0o600, uid: 10 });
  const gone = server.addDirectory(root, "gone");
  server.fileSystem.remove(root, "gone");
  const fifo = server.add(root, "fifo", { type: NF4FIFO });
  const shown = server.addDirectory(root, "shown", { mode: 0o777, isReadOnly: true });
  return [null, root, directory, locked, file, server.addLink(root, "link", "x"), fifo, gone, shown];
}

describe.each(Object.entries(ARGUMENTS))("%s", (operation, rows) => {
  test.each([
    ["the superuser", ROOT],
    ["an owner", userOf(10)],
    ["another", userOf(11)],
  ])("gives %s no status but those of the RFC", (_, user) => {
    const seen = new Set<string>();
    for (const minorVersion of [1, 2]) {
      const server = new StatelessServer();
      const objects = objectsOf(server);
      for (const at of objects) {
        for (const saved of operation === "RENAME" || operation === "LINK" ? objects : [null]) {
          for (const args of rows) {
            const compound = server.compound(at ?? server.root, user, minorVersion);
            if (saved !== null) compound.withSaved(saved);
            if (at === null) compound.context.clearCurrent();
            seen.add(compound.status(operation, args));
          }
        }
      }
    }
    const needsHandle = !/^PUT|^RESTOREFH|^OPENATTR|^CREATE/.test(operation);
    if (needsHandle) expect(seen).toContain("NFS4ERR_NOFILEHANDLE");
    if (!/^PUTFH|OPENATTR|RESTOREFH/.test(operation)) expect(seen).toContain("NFS4_OK");
  });
});
