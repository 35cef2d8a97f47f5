import { describe, expect, test } from "vitest";
import { ATTRIBUTES, type AttributeName, attributeNumbered } from "../../../src/nfs4/attributes.ts";
import { attributeMask, readAttributes } from "../../../src/nfs4/fattr.ts";
import {
  encodeAttributes,
  isReadable,
  nanosOf,
  SETTABLE,
  supportedAttributes,
  timeOf,
} from "../../../src/server/fs/attributes.ts";
import { NF4CHR } from "../../../src/server/fs/inode.ts";
import { bitsOf } from "../../../src/xdr/types.ts";
import { StatelessServer } from "../../support/server-context.ts";

const REQUIRED: AttributeName[] = [
  "supported_attrs",
  "type",
  "fh_expire_type",
  "change",
  "size",
  "link_support",
  "symlink_support",
  "named_attr",
  "fsid",
  "unique_handles",
  "lease_time",
  "rdattr_error",
  "filehandle",
  "suppattr_exclcreat",
];

function sourceOf(server: StatelessServer, inode = server.root, minorVersion = 2) {
  return { inode, fileSystem: server.fileSystem, leaseSeconds: 90, minorVersion };
}

describe("times", () => {
  test.each([
    [0n, 0n, 0],
    [1n, 0n, 1],
    [1_704_067_200_123_456_789n, 1_704_067_200n, 123_456_789],
    [-1n, -1n, 999_999_999],
    [-1_000_000_000n, -1n, 0],
    [-500_000_000n, -1n, 500_000_000],
  ])("%i nanoseconds", (nanos, seconds, nseconds) => {
    expect(timeOf(nanos)).toEqual({ seconds, nseconds });
    expect(nanosOf({ seconds, nseconds })).toBe(nanos);
  });
});

describe("attributes", () => {
  test("all that are required are there. RFC 8881 §5.6", () => {
    const supported = supportedAttributes(1);
    expect(
      attributeMask(...REQUIRED).every((word, index) => ((supported[index] as number) & word) >>> 0 === word),
    ).toBe(true);
  });

  test.each([1, 2])(
    "all that 4.%i supports are given and decode back, but those that can only be set",
    (minorVersion) => {
      const server = new StatelessServer();
      const supported = supportedAttributes(minorVersion);
      const given = encodeAttributes(sourceOf(server, server.root, minorVersion), supported);
      const { known, trouble } = readAttributes(given);
      expect(trouble).toBeNull();
      const withheld = bitsOf(supported).filter((number) => !bitsOf(given.attrmask).includes(number));
      expect(withheld.map((number) => attributeNumbered(number)?.name)).toEqual(["time_access_set", "time_modify_set"]);
      expect(known.supported_attrs).toEqual(supported);
      expect(bitsOf(supported).filter((number) => isReadable(number, minorVersion))).toEqual(bitsOf(given.attrmask));
    },
  );

  test("the attributes of 4.2 are not for 4.1", () => {
    const { number } = ATTRIBUTES.change_attr_type;
    const mask = attributeMask("change_attr_type", "type");
    const server = new StatelessServer();
    expect(readAttributes(encodeAttributes(sourceOf(server, server.root, 1), mask)).known).toEqual({ type: 2 });
    expect([isReadable(number, 1), isReadable(number, 2)]).toEqual([false, true]);
  });

  test("what is not there is left out, whatever the mask says", () => {
    const server = new StatelessServer();
    const all = Array.from({ length: 8 }, () => 0xffff_ffff);
    const { attrmask } = encodeAttributes(sourceOf(server), all);
    expect(bitsOf(attrmask).every((number) => isReadable(number, 2))).toBe(true);
    expect(encodeAttributes(sourceOf(server), [])).toEqual({ attrmask: [], attr_vals: new Uint8Array(0) });
  });

  test("say what an object is", () => {
    const server = new StatelessServer({ bytesMax: 10_000, inodesMax: 10 });
    const device = { specdata1: 4, specdata2: 64 };
    const inode = server.add(server.root, "tty", { type: NF4CHR, mode: 0o4620, uid: 5, gid: 6, device });
    server.add(server.root, "file").data.write(0, new Uint8Array(700));
    const mask = attributeMask("mode", "owner", "owner_group", "rawdev", "numlinks", "files_free", "space_free");
    const { known } = readAttributes(encodeAttributes(sourceOf(server, inode), mask));
    expect(known).toEqual({
      mode: 0o4620,
      owner: "5",
      owner_group: "6",
      rawdev: device,
      numlinks: 1,
      files_free: 7n,
      space_free: BigInt(10_000 - 1024),
    });
  });

  test("an exclusive create takes all that can be set. RFC 8881 §5.8.1.14", () => {
    const server = new StatelessServer();
    const { known } = readAttributes(encodeAttributes(sourceOf(server), attributeMask("suppattr_exclcreat")));
    expect(known.suppattr_exclcreat).toEqual(attributeMask(...SETTABLE));
  });
});
