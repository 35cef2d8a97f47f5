import { describe, expect, test } from "vitest";
import { ACCESS4, accessOf, permissionsOf, requireOwner, requireRemoval } from "../../../src/server/fs/access.ts";
import { NF4DIR, NF4LNK } from "../../../src/server/fs/inode.ts";
import { ROOT, refusalOf, StatelessServer, userOf } from "../../support/server-context.ts";

const OWNER = userOf(10, 20);
const MEMBER = userOf(11, 99, [20]);
const SAME_GROUP = userOf(12, 20);
const OTHER = userOf(13, 13, [14]);
/** Belongs to OWNER and to group 20. */
const owned = (mode: number, type?: number) => {
  const server = new StatelessServer();
  return server.add(server.root, "it", { mode, uid: 10, gid: 20, ...(type === undefined ? {} : { type }) });
};
const letters = (bits: number) => ["r", "w", "x"].filter((_, index) => (bits & (4 >> index)) !== 0).join("") || "-";

describe("permissions", () => {
  test.each([
    [0o640, OWNER, "rw"],
    [0o640, MEMBER, "r"],
    [0o640, SAME_GROUP, "r"],
    [0o640, OTHER, "-"],
    [0o640, ROOT, "rw"],
    [0o604, OTHER, "r"],
    // The first that fits decides, not the best.
    [0o077, OWNER, "-"],
    [0o707, MEMBER, "-"],
    [0o070, MEMBER, "rwx"],
    [0o000, ROOT, "rw"],
    [0o001, ROOT, "rwx"],
    [0o100, ROOT, "rwx"],
  ])("mode %o for %o: %s", (mode, user, expected) => {
    expect(letters(permissionsOf(owned(mode), user))).toBe(expected);
  });

  test("the superuser gets into each directory", () => {
    expect(letters(permissionsOf(owned(0, NF4DIR), ROOT))).toBe("rwx");
  });

  test("an owner is who owns, or the superuser", () => {
    const file = owned(0o777);
    expect([OWNER, ROOT, MEMBER].map((user) => refusalOf(() => requireOwner(file, user)))).toEqual([
      "NFS4_OK",
      "NFS4_OK",
      "NFS4ERR_PERM",
    ]);
  });
});

describe("removal", () => {
  const [YES, NO] = ["NFS4_OK", "NFS4ERR_ACCESS"];

  test.each([
    { mode: 0o777, directoryOf: 0, fileOf: 0, user: OTHER, expected: YES },
    { mode: 0o1777, directoryOf: 0, fileOf: 0, user: OTHER, expected: NO },
    { mode: 0o1777, directoryOf: 0, fileOf: 13, user: OTHER, expected: YES },
    { mode: 0o1777, directoryOf: 13, fileOf: 0, user: OTHER, expected: YES },
    { mode: 0o1777, directoryOf: 1, fileOf: 1, user: ROOT, expected: YES },
    { mode: 0o1755, directoryOf: 0, fileOf: 13, user: OTHER, expected: NO },
    { mode: 0o776, directoryOf: 0, fileOf: 13, user: OTHER, expected: NO },
    { mode: 0o775, directoryOf: 0, fileOf: 13, user: OTHER, expected: NO },
  ])("from a directory of mode $mode", ({ mode, directoryOf, fileOf, user, expected }) => {
    const server = new StatelessServer();
    const directory = server.addDirectory(server.root, "directory", { mode, uid: directoryOf });
    const file = server.add(directory, "file", { uid: fileOf });
    expect(refusalOf(() => requireRemoval(directory, file, user))).toBe(expected);
  });
});

describe("ACCESS", () => {
  const { read, lookup, modify, extend, delete: remove, execute } = ACCESS4;

  test.each([
    [0o400, read],
    [0o200, modify | extend],
    [0o100, execute],
    [0o700, read | modify | extend | execute],
  ])("to a file of mode %o", (mode, granted) => {
    expect(accessOf(owned(mode), OWNER)).toEqual({ supported: read | modify | extend | execute, granted });
  });

  test.each([
    [0o400, read],
    [0o100, lookup],
    // To write to a directory helps nobody who cannot look names up in it.
    [0o200, 0],
    [0o300, lookup | modify | extend | remove],
    [0o700, read | lookup | modify | extend | remove],
  ])("to a directory of mode %o", (mode, granted) => {
    const supported = read | lookup | modify | extend | remove;
    expect(accessOf(owned(mode, NF4DIR), OWNER)).toEqual({ supported, granted });
  });

  test("a symbolic link is no directory", () => {
    expect(accessOf(owned(0o777, NF4LNK), OWNER).supported & (lookup | remove)).toBe(0);
  });
});
