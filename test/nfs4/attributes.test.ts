import { describe, expect, test } from "vitest";
import { ATTRIBUTES, attributeName, attributeNumbered } from "../../src/nfs4/attributes.ts";
import * as numbers from "../../src/nfs4/constants/attributes.ts";
import { arbitrary } from "../support/arbitrary.ts";
import { random } from "../support/random.ts";
import { encode, expectSame, expectTruncationsRefused, rows } from "../support/xdr-rows.ts";

const VALUES = 30;
const all = Object.entries(ATTRIBUTES);

test("every number of the RFCs has its attribute, named like its constant", () => {
  const declared = all.map(([name, { number }]) => [`FATTR4_${name.toUpperCase()}`, number]);
  expect(Object.fromEntries(declared)).toEqual({ ...numbers });
  expect(all.map(([, { number }]) => number)).toEqual(Array.from({ length: 87 }, (_, number) => number));
});

test("attributes are found by number", () => {
  expect(attributeNumbered(10)).toMatchObject({ name: "lease_time", number: 10, rfc: "RFC 8881 §5.8.1.11" });
  expect(attributeNumbered(87)).toBeUndefined();
  expect(attributeName(4)).toBe("size");
  expect(attributeName(1000)).toBe("attribute 1000");
});

describe.each(all)("%s", (_name, { type, rfc }) => {
  test("cites its RFC", () => expect(rfc).toMatch(/^RFC (8881|7862|8276) §\d+(\.\d+)+$|^RFC (8275|9754)$/));

  test("survives writing, reading, skipping and visiting", () => {
    const next = random(7);
    for (let i = 0; i < VALUES; i++) {
      const value = arbitrary(type, next);
      const bytes = encode<unknown>(type, value);
      expectSame<unknown>(type, bytes, value);
      expectTruncationsRefused<unknown>(type, bytes);
    }
  });
});

rows(ATTRIBUTES.time_modify_set.type, [
  { name: "the server's time", hex: "00000000", value: { set_it: 0 } },
  {
    name: "a time of the client",
    hex: "00000001 ffffffffffffffff 00000005",
    value: { set_it: 1, time: { seconds: -1n, nseconds: 5 } },
  },
]);
rows(ATTRIBUTES.acl.type, [
  {
    name: "one entry",
    hex: "00000001 00000001 00000040 00000002 00000006 4f574e45 52400000",
    value: [{ type: 1, flag: 0x40, access_mask: 2, who: "OWNER@" }],
  },
]);
rows(ATTRIBUTES.fs_locations.type, [
  {
    name: "one server",
    hex: "00000001 00000001 61000000 00000001 00000001 00000001 73000000 00000002 00000001 62000000 00000001 63000000",
    value: { fs_root: ["a"], locations: [{ server: ["s"], rootpath: ["b", "c"] }] },
  },
]);
rows(ATTRIBUTES.fs_locations_info.type, [
  {
    name: "one server",
    hex: `00000001 ffffffff 00000000 00000001
      00000001 fffffffb 00000002 01020000 00000001 73000000 00000001 00000001 70000000`,
    value: {
      fli_flags: 1,
      fli_valid_for: -1,
      fli_fs_root: [],
      fli_items: [
        {
          fli_entries: [{ fls_currency: -5, fls_info: Uint8Array.of(1, 2), fls_server: "s" }],
          fli_rootpath: ["p"],
        },
      ],
    },
  },
]);
rows(ATTRIBUTES.mode_umask.type, [
  { name: "0666, 022", hex: "000001b6 00000012", value: { mu_mode: 0o666, mu_umask: 0o22 } },
]);
rows(ATTRIBUTES.sec_label.type, [
  {
    name: "a label",
    hex: "00000000 00000000 00000004 75006c00",
    value: { slai_lfs: { lfs_lfs: 0, lfs_pi: 0 }, slai_data: Uint8Array.of(0x75, 0, 0x6c, 0) },
  },
]);
