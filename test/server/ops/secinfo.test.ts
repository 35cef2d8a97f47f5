import { describe, expect, test } from "vitest";
import { AUTH_NONE, AUTH_SYS } from "../../../src/rpc/constants.ts";
import { StatelessServer, userOf } from "../../support/server-context.ts";

const FLAVORS = { resok4: [{ flavor: AUTH_SYS }, { flavor: AUTH_NONE }] };
const [CURRENT_FH, PARENT] = [0, 1];

function world() {
  const server = new StatelessServer();
  const directory = server.addDirectory(server.root, "directory", { mode: 0o750 });
  const file = server.add(directory, "file");
  return { server, directory, file };
}

describe("SECINFO", () => {
  test("tells the flavors, and uses the filehandle up. RFC 8881 §2.6.3.1.1.8", () => {
    const { server, directory } = world();
    const compound = server.compound(directory);
    expect(compound.ok("SECINFO", { name: "file" })).toMatchObject(FLAVORS);
    expect(compound.status("GETFH")).toBe("NFS4ERR_NOFILEHANDLE");
  });

  test("keeps it when it fails", () => {
    const { server, directory } = world();
    const compound = server.compound(directory);
    expect(compound.status("SECINFO", { name: "missing" })).toBe("NFS4ERR_NOENT");
    expect(compound.status("GETFH")).toBe("NFS4_OK");
  });

  test("is for those who may look", () => {
    const { server, directory, file } = world();
    expect(server.compound(directory, userOf(10)).status("SECINFO", { name: "file" })).toBe("NFS4ERR_ACCESS");
    expect(server.compound(file).status("SECINFO", { name: "file" })).toBe("NFS4ERR_NOTDIR");
  });
});

describe("SECINFO_NO_NAME", () => {
  test("of the object itself, whatever it is, or of what it is in", () => {
    const { server, directory, file } = world();
    for (const [at, style] of [
      [file, CURRENT_FH],
      [server.root, CURRENT_FH],
      [directory, PARENT],
    ] as const) {
      const compound = server.compound(at);
      expect(compound.ok("SECINFO_NO_NAME", style)).toMatchObject(FLAVORS);
      expect(compound.status("GETFH")).toBe("NFS4ERR_NOFILEHANDLE");
    }
  });

  test("nothing is above the root or a file", () => {
    const { server, file } = world();
    expect(server.compound().status("SECINFO_NO_NAME", PARENT)).toBe("NFS4ERR_NOENT");
    expect(server.compound(file).status("SECINFO_NO_NAME", PARENT)).toBe("NFS4ERR_NOTDIR");
  });
});
