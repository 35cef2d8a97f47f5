import { describe, expect, test } from "vitest";
import type { AttributeValues } from "../../../src/nfs4/attributes.ts";
import { attributeMask, readAttributes, writeAttributes } from "../../../src/nfs4/fattr.ts";
import type { fattr4 } from "../../../src/nfs4/types.ts";
import { ACCESS4 } from "../../../src/server/fs/access.ts";
import { ROOT, StatelessServer, userOf } from "../../support/server-context.ts";

const OWNER = userOf(10, 20);
const ANONYMOUS = { seqid: 0, other: new Uint8Array(12) };
const OPEN = { seqid: 1, other: new Uint8Array(12).fill(9) };
const setArgs = (values: AttributeValues, stateid = ANONYMOUS) => ({
  stateid,
  obj_attributes: writeAttributes(values),
});

function world(mode = 0o644) {
  const server = new StatelessServer();
  return { server, file: server.add(server.root, "file", { mode, uid: 10, gid: 20 }) };
}

describe("ACCESS", () => {
  test("answers what is asked and makes sense", () => {
    const { server, file } = world(0o444);
    const { read, modify, lookup } = ACCESS4;
    const { resok4 } = server
      .compound(file, OWNER)
      .ok<{ resok4: object }>("ACCESS", { access: read | modify | lookup });
    expect(resok4).toEqual({ supported: read | modify, access: read });
  });

  test("bits that nobody knows are not supported", () => {
    const { resok4 } = world().server.compound().ok<{ resok4: object }>("ACCESS", { access: 0xffff_ff00 });
    expect(resok4).toEqual({ supported: 0, access: 0 });
  });
});

describe("GETATTR", () => {
  test("gives what was set", () => {
    const { server, file } = world();
    const compound = server.compound(file);
    const time_modify_set = { set_it: 1, time: { seconds: -1n, nseconds: 999_999_999 } };
    const wish = setArgs({ size: 5n, mode: 0o4600, owner: "11", time_modify_set });
    expect(compound.ok("SETATTR", wish)).toMatchObject({ attrsset: wish.obj_attributes.attrmask });
    const { resok4 } = compound.ok<{ resok4: { obj_attributes: fattr4 } }>("GETATTR", {
      attr_request: attributeMask("size", "mode", "owner", "time_modify"),
    });
    expect(readAttributes(resok4.obj_attributes).known).toEqual({
      size: 5n,
      mode: 0o4600,
      owner: "11",
      time_modify: time_modify_set.time,
    });
  });

  test("of what can only be set is a mistake. RFC 8881 §18.7.3", () => {
    const attr_request = attributeMask("size", "time_modify_set");
    expect(world().server.compound().status("GETATTR", { attr_request })).toBe("NFS4ERR_INVAL");
  });
});

describe("SETATTR", () => {
  test("a size takes the right to write, where no open gave it", () => {
    const { server, file } = world(0o644);
    file.data.write(0, new Uint8Array(10));
    expect(server.compound(file, userOf(11)).status("SETATTR", setArgs({ size: 0n }))).toBe("NFS4ERR_ACCESS");
    expect(file.size).toBe(10);
    // The open looked at the mode once, and that is it.
    file.mode = 0o444;
    expect(server.compound(file, OWNER).status("SETATTR", setArgs({ size: 1n }, OPEN))).toBe("NFS4_OK");
    expect(file.size).toBe(1);
  });

  test("only a file has a size to set", () => {
    const { server } = world();
    for (const inode of [server.root, server.addLink(server.root, "link", "x")]) {
      expect(server.compound(inode).status("SETATTR", setArgs({ size: 0n }))).toBe("NFS4ERR_WRONG_TYPE");
    }
  });

  test("a stateid is looked at for a size, and for nothing else", () => {
    let checked = 0;
    const server = new StatelessServer({}, { check: () => void checked++ });
    const compound = server.compound(server.add(server.root, "file"));
    compound.ok("SETATTR", setArgs({ mode: 0 }, OPEN));
    expect(checked).toBe(0);
    compound.ok("SETATTR", setArgs({ size: 0n }, OPEN));
    expect(checked).toBe(1);
  });

  test("waits for delegations before anything is set", async () => {
    let release = () => {};
    const yieldDelegations = () => new Promise<void>((resolve) => (release = resolve));
    const server = new StatelessServer({}, { yieldDelegations });
    const file = server.add(server.root, "file");
    const set = server.compound(file).later("SETATTR", setArgs({ mode: 0o600 }));
    expect(file.mode).toBe(0o644);
    release();
    await set;
    expect(file.mode).toBe(0o600);
  });

  test("to set nothing is no mistake", () => {
    expect(world().server.compound().ok("SETATTR", setArgs({}))).toMatchObject({ attrsset: [] });
  });
});

describe("VERIFY and NVERIFY", () => {
  test.each<[AttributeValues, string, string]>([
    [{ type: 1 }, "NFS4_OK", "NFS4ERR_SAME"],
    [{ type: 2 }, "NFS4ERR_NOT_SAME", "NFS4_OK"],
    [{ type: 1, mode: 0o644 }, "NFS4_OK", "NFS4ERR_SAME"],
    [{ type: 1, mode: 0o645 }, "NFS4ERR_NOT_SAME", "NFS4_OK"],
    [{}, "NFS4_OK", "NFS4ERR_SAME"],
    [{ rdattr_error: 0 }, "NFS4ERR_INVAL", "NFS4ERR_INVAL"],
    [{ time_modify_set: { set_it: 0 } }, "NFS4ERR_INVAL", "NFS4ERR_INVAL"],
    [{ hidden: true }, "NFS4ERR_ATTRNOTSUPP", "NFS4ERR_ATTRNOTSUPP"],
  ])("%o: %s, %s", (values, verify, nverify) => {
    const { server, file } = world();
    const compound = server.compound(file, ROOT);
    const args = { obj_attributes: writeAttributes(values) };
    expect([compound.status("VERIFY", args), compound.status("NVERIFY", args)]).toEqual([verify, nverify]);
  });

  test("values cut short are not the same", () => {
    const { server, file } = world();
    const { attrmask, attr_vals } = writeAttributes({ owner: "10" });
    const obj_attributes = { attrmask, attr_vals: attr_vals.subarray(0, 4) };
    expect(server.compound(file).status("VERIFY", { obj_attributes })).toBe("NFS4ERR_NOT_SAME");
  });
});
