import { describe, expect, test } from "vitest";
import type { READDIR4resok } from "../../../src/nfs4/ops/readdir.ts";
import type { ValueOf } from "../../../src/xdr/types.ts";
import { StatelessServer, userOf } from "../../support/server-context.ts";

type Page = { resok4: ValueOf<typeof READDIR4resok> };
const ARGS = { cookie: 0n, cookieverf: new Uint8Array(8), dircount: 0, maxcount: 4096, attr_request: [] };

describe("READDIR", () => {
  test("goes on where it was, by cookie and verifier", () => {
    const server = new StatelessServer();
    for (const name of ["a", "b", "c"]) server.add(server.root, name);
    const compound = server.compound();
    const first = compound.ok<Page>("READDIR", { ...ARGS, maxcount: 80 }).resok4;
    expect(first.reply).toMatchObject({ entries: [{ name: "a" }, { name: "b" }], eof: false });
    const cookie = first.reply.entries[1]?.cookie;
    const second = compound.ok<Page>("READDIR", { ...ARGS, cookie, cookieverf: first.cookieverf }).resok4;
    expect(second.reply).toMatchObject({ entries: [{ name: "c" }], eof: true });
  });

  test("takes the right to read the directory, not to look into it", () => {
    const server = new StatelessServer();
    const [readable, searchable] = [0o744, 0o711].map((mode) => server.addDirectory(server.root, `${mode}`, { mode }));
    expect(server.compound(readable, userOf(10)).status("READDIR", ARGS)).toBe("NFS4_OK");
    expect(server.compound(searchable, userOf(10)).status("READDIR", ARGS)).toBe("NFS4ERR_ACCESS");
  });

  test("keeps within the room that the reply has", () => {
    const server = new StatelessServer();
    for (let index = 0; index < 50; index++) server.add(server.root, `${index}`);
    const compound = server.compound();
    compound.context.room = 200;
    const { reply } = compound.ok<Page>("READDIR", ARGS).resok4;
    // Number and status, verifier, end and eof; 28 bytes a name.
    expect(reply.entries).toHaveLength(Math.floor((200 - 24) / 28));
    expect(reply.eof).toBe(false);
  });

  test("is for directories", () => {
    const server = new StatelessServer();
    expect(server.compound(server.add(server.root, "file")).status("READDIR", ARGS)).toBe("NFS4ERR_NOTDIR");
    expect(server.compound(server.addLink(server.root, "link", ".")).status("READDIR", ARGS)).toBe("NFS4ERR_NOTDIR");
    expect(server.compound(null).status("READDIR", ARGS)).toBe("NFS4ERR_NOFILEHANDLE");
  });
});
