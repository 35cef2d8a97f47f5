import { describe, expect, test } from "vitest";
import { checkName, checkTarget } from "../../../src/server/fs/names.ts";
import { bytesOf, textOf } from "../../../src/xdr/text.ts";
import { integer, random } from "../../support/random.ts";
import { refusalOf } from "../../support/server-context.ts";

describe("names", () => {
  test.each([
    ["a", "NFS4_OK"],
    ["...", "NFS4_OK"],
    [" .hidden\n", "NFS4_OK"],
    ["ünïcode 🦈", "NFS4_OK"],
    ["x".repeat(255), "NFS4_OK"],
    ["x".repeat(256), "NFS4ERR_NAMETOOLONG"],
    ["ü".repeat(128), "NFS4ERR_NAMETOOLONG"],
    ["", "NFS4ERR_INVAL"],
    [textOf(Uint8Array.of(0x61, 0xff)), "NFS4ERR_INVAL"],
    [".", "NFS4ERR_BADNAME"],
    ["..", "NFS4ERR_BADNAME"],
    ["a/b", "NFS4ERR_BADCHAR"],
    ["a\0", "NFS4ERR_BADCHAR"],
  ])("%j: %s", (name, status) => {
    expect(refusalOf(() => checkName(name))).toBe(status);
  });

  test.each([
    ["../else/where", "NFS4_OK"],
    ["x".repeat(4096), "NFS4_OK"],
    ["x".repeat(4097), "NFS4ERR_NAMETOOLONG"],
    ["", "NFS4ERR_INVAL"],
    [textOf(Uint8Array.of(0xc0, 0x80)), "NFS4ERR_INVAL"],
  ])("target of a symbolic link %#: %s", (target, status) => {
    expect(refusalOf(() => checkTarget(target))).toBe(status);
  });

  test("fuzz: a name that is taken is UTF-8 that comes back as it was", () => {
    const next = random(11);
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: integer(next, 0, 6) }, () => integer(next, 0, 255));
      const name = textOf(bytes);
      const status = refusalOf(() => checkName(name));
      expect(status).toMatch(/^NFS4(_OK|ERR_INVAL|ERR_BADNAME|ERR_BADCHAR)$/);
      if (status === "NFS4_OK") expect([strict.decode(bytes), bytesOf(name)]).toEqual([name, bytes]);
    }
  });
});
