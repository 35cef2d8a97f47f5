import { describe, expect, test } from "vitest";
import { StatelessServer } from "../../support/server-context.ts";

describe("filehandles", () => {
  test.each(["PUTROOTFH", "PUTPUBFH"])("%s leads to the root", (name) => {
    const server = new StatelessServer();
    const compound = server.compound(null);
    compound.ok(name);
    expect(compound.context.current).toBe(server.root);
  });

  test("what GETFH tells PUTFH takes", () => {
    const server = new StatelessServer();
    const file = server.add(server.root, "file");
    const { resok4 } = server.compound(file).ok<{ resok4: { object: Uint8Array } }>("GETFH");
    const compound = server.compound();
    compound.ok("PUTFH", resok4);
    expect(compound.context.current).toBe(file);
  });

  test("a handle of an object that is gone is stale, any other is bad", () => {
    const server = new StatelessServer();
    const object = server.fileSystem.handleOf(server.add(server.root, "file"));
    server.fileSystem.remove(server.root, "file");
    expect(server.compound().status("PUTFH", { object })).toBe("NFS4ERR_STALE");
    expect(server.compound().status("PUTFH", { object: object.subarray(1) })).toBe("NFS4ERR_BADHANDLE");
    expect(server.compound().status("PUTFH", { object: new Uint8Array(0) })).toBe("NFS4ERR_BADHANDLE");
  });

  test("a PUTFH that fails leaves the current filehandle", () => {
    const server = new StatelessServer();
    const compound = server.compound();
    compound.run("PUTFH", { object: new Uint8Array(16) });
    expect(compound.context.current).toBe(server.root);
  });
});

describe("saved filehandles", () => {
  const stateid = { seqid: 3, other: new Uint8Array(12).fill(5) };

  test("come back with their stateid. RFC 8881 §16.2.3.1.2", () => {
    const server = new StatelessServer();
    const file = server.add(server.root, "file");
    const compound = server.compound(file);
    const { context } = compound;
    context.currentStateid = stateid;
    compound.ok("SAVEFH");
    compound.ok("PUTROOTFH");
    expect(context.currentStateid).toBeNull();
    compound.ok("RESTOREFH");
    expect([context.current, context.currentStateid]).toEqual([file, stateid]);
  });

  test("can be restored again and again", () => {
    const server = new StatelessServer();
    const compound = server.compound();
    compound.ok("SAVEFH");
    for (let i = 0; i < 3; i++) compound.ok("RESTOREFH");
    expect(compound.context.current).toBe(server.root);
  });

  test("without one there is no filehandle. RFC 8881 §18.27.3", () => {
    const server = new StatelessServer();
    expect(server.compound().status("RESTOREFH")).toBe("NFS4ERR_NOFILEHANDLE");
    expect(server.compound(null).status("SAVEFH")).toBe("NFS4ERR_NOFILEHANDLE");
    expect(server.compound(null).status("GETFH")).toBe("NFS4ERR_NOFILEHANDLE");
  });
});
