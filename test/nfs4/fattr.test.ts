import { describe, expect, test } from "vitest";
import { ATTRIBUTES, type AttributeName, type AttributeValues } from "../../src/nfs4/attributes.ts";
import { FATTR4_LEASE_TIME, FATTR4_MODE, FATTR4_SIZE } from "../../src/nfs4/constants.ts";
import {
  attributeMask,
  attributeOf,
  hasBit,
  readAttributes,
  visitAttributes,
  writeAttributes,
} from "../../src/nfs4/fattr.ts";
import { fattr4 } from "../../src/nfs4/types.ts";
import { wordsOf } from "../../src/xdr/types.ts";
import { arbitrary } from "../support/arbitrary.ts";
import { fromHex, toHex } from "../support/hex.ts";
import { integer, random } from "../support/random.ts";
import { encode, over } from "../support/xdr-rows.ts";

const ROUNDS = 200;

// What the Linux client asks of every file: type, change, size, fsid, fileid, mode, numlinks, owner, owner_group,
// rawdev, space_used, three times, mounted_on_fileid.
const DIRECTORY = {
  attrmask: [0x0010_011a, 0x00b0_a23a],
  attr_vals: fromHex(`00000002 0000000000000007 0000000000000060 0000000000000001 0000000000000000
    0000000000000080 000001ed 00000003 00000001 30000000 00000002 31300000 00000000 00000000
    0000000000001000 000000006b000000 00000001 000000006b000001 00000002 000000006b000002 00000003
    0000000000000080`),
};

test("reads the attributes of a directory", () => {
  expect(readAttributes(DIRECTORY)).toEqual({
    known: {
      type: 2,
      change: 7n,
      size: 96n,
      fsid: { major: 1n, minor: 0n },
      fileid: 128n,
      mode: 0o755,
      numlinks: 3,
      owner: "0",
      owner_group: "10",
      rawdev: { specdata1: 0, specdata2: 0 },
      space_used: 4096n,
      time_access: { seconds: 0x6b00_0000n, nseconds: 1 },
      time_metadata: { seconds: 0x6b00_0001n, nseconds: 2 },
      time_modify: { seconds: 0x6b00_0002n, nseconds: 3 },
      mounted_on_fileid: 128n,
    },
    unread: [],
    rest: new Uint8Array(0),
    trouble: null,
  });
});

test("writes what it read, in the order of the wire whatever the order given", () => {
  const { known } = readAttributes(DIRECTORY);
  const reversed = Object.fromEntries(Object.entries(known).reverse()) as AttributeValues;
  expect(toHex(encode(fattr4, writeAttributes(reversed)))).toBe(toHex(encode(fattr4, DIRECTORY)));
});

test("refuses to write what is no attribute", () => {
  expect(() => writeAttributes({ colour: 1 } as AttributeValues)).toThrow(RangeError);
  expect(() => writeAttributes({ size: -1n })).toThrow(RangeError);
});

test("picks one attribute without reading the others", () => {
  expect(attributeOf(DIRECTORY, FATTR4_MODE)).toBe(0o755);
  expect(attributeOf(DIRECTORY, FATTR4_LEASE_TIME)).toBeUndefined();
  expect(attributeOf(writeAttributes({ lease_time: 90, maxread: 4096n }), FATTR4_LEASE_TIME)).toBe(90);
});

test("any set of attributes survives", () => {
  const names = Object.keys(ATTRIBUTES) as AttributeName[];
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const next = random(seed);
    const values: Record<string, unknown> = {};
    for (const name of names) if (next() < 0.2) values[name] = arbitrary(ATTRIBUTES[name].type, next);
    const written = writeAttributes(values as AttributeValues);
    expect(readAttributes(written), `seed ${seed}`).toMatchObject({ known: values, unread: [], trouble: null });
    for (const name of names) {
      expect(attributeOf(written, ATTRIBUTES[name].number), `seed ${seed}: ${name}`).toEqual(values[name]);
    }
  }
});

describe("what cannot be read", () => {
  test("an unknown attribute ends the reading and is reported with all that follow", () => {
    const known = writeAttributes({ size: 5n, lease_time: 15 });
    const read = readAttributes({
      attrmask: [...known.attrmask, 0, 1 << 25, 3],
      attr_vals: fromHex(`${toHex(known.attr_vals)} 00000001 00000002`),
    });
    expect(read).toEqual({
      known: { size: 5n, lease_time: 15 },
      unread: [89, 96, 97],
      rest: fromHex("00000001 00000002"),
      trouble: "bit 89 is unknown",
    });
  });

  test("an attribute in front of the unknown one is still picked, one behind it is not", () => {
    const mask = wordsOf([FATTR4_SIZE, 89]);
    const fattr = { attrmask: mask, attr_vals: fromHex("0000000000000005 00000001") };
    expect(attributeOf(fattr, FATTR4_SIZE)).toBe(5n);
    expect(attributeOf(fattr, 89 as never)).toBeUndefined();
  });

  test("a value cut short is damage, and what came before it counts", () => {
    const fattr = { attrmask: wordsOf([FATTR4_SIZE, FATTR4_LEASE_TIME]), attr_vals: fromHex("0000000000000005 0000") };
    expect(readAttributes(fattr)).toEqual({
      known: { size: 5n },
      unread: [FATTR4_LEASE_TIME],
      rest: fromHex("0000"),
      trouble: "lease_time: need 4 bytes, have 2",
    });
    expect(attributeOf(fattr, FATTR4_LEASE_TIME)).toBeUndefined();
  });

  test("bytes that no bit announces are reported", () => {
    const read = readAttributes({ attrmask: wordsOf([FATTR4_LEASE_TIME]), attr_vals: fromHex("0000000f 00000000") });
    expect(read).toMatchObject({ known: { lease_time: 15 }, unread: [], trouble: "4 bytes behind the last value" });
    expect(read.rest).toEqual(fromHex("00000000"));
  });

  test("no bytes make it throw", () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const next = random(seed);
      const attrmask = Array.from({ length: integer(next, 0, 4) }, () => Math.floor(next() * 0x1_0000_0000));
      const attr_vals = Uint8Array.from({ length: integer(next, 0, 200) }, () => integer(next, 0, 3));
      const read = readAttributes({ attrmask, attr_vals });
      expect(read.trouble === null, `seed ${seed}`).toBe(read.unread.length === 0 && read.rest.length === 0);
    }
  });
});

test("a visit tells each attribute's span in the record", () => {
  const lead = fromHex("eeeeeeee");
  const bytes = Uint8Array.of(...lead, ...encode(fattr4, writeAttributes({ size: 5n, owner: "me", mode: 0o600 })));
  const cursor = over(bytes).seek(lead.length);
  const fattr = fattr4.read(cursor);
  const seen: Record<string, [unknown, string]> = {};
  visitAttributes(fattr, cursor.position, "obj_attributes", (path, value, start, end) => {
    seen[path] = [value, toHex(bytes.subarray(start, end))];
  });
  expect(seen).toEqual({
    "obj_attributes.size": [5n, "0000000000000005"],
    "obj_attributes.mode": [0o600, "00000180"],
    "obj_attributes.owner": ["me", "000000026d650000"],
  });
});

test("masks", () => {
  expect(attributeMask("size", "mode", "mode_umask")).toEqual([0x10, 0x2, 0x20000]);
  expect(hasBit([0x10, 2], 33)).toBe(true);
  expect(hasBit([0x10, 2], 34)).toBe(false);
  expect(hasBit([0x10, 2], 64)).toBe(false);
});
