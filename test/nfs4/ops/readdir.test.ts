import { expect, test } from "vitest";
import { READDIR4args, READDIR4res } from "../../../src/nfs4/ops/readdir.ts";
import { FATTR, FATTR_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { encode, over, rows } from "../../support/xdr-rows.ts";

rows(READDIR4args, [
  {
    name: "from the start",
    hex: `0000000000000000 0000000000000000 00001000 00008000 00000002 00100000 00000002`,
    value: {
      cookie: 0n,
      cookieverf: new Uint8Array(8),
      dircount: 4096,
      maxcount: 32768,
      attr_request: [0x100000, 2],
    },
  },
]);

rows(READDIR4res, [
  {
    name: "an empty directory",
    hex: `00000000 ${VERIFIER_HEX} 00000000 00000001`,
    value: { status: 0, resok4: { cookieverf: VERIFIER, reply: { entries: [], eof: true } } },
  },
  {
    name: "two entries and more to come",
    hex: `00000000 ${VERIFIER_HEX}
      00000001 0000000000000003 00000001 61000000 ${FATTR_HEX}
      00000001 0000000000000004 00000002 62620000 00000000 00000000
      00000000 00000000`,
    value: {
      status: 0,
      resok4: {
        cookieverf: VERIFIER,
        reply: {
          entries: [
            { cookie: 3n, name: "a", attrs: FATTR },
            { cookie: 4n, name: "bb", attrs: { attrmask: [], attr_vals: new Uint8Array(0) } },
          ],
          eof: false,
        },
      },
    },
  },
  {
    name: "a name that is not UTF-8 keeps its bytes",
    hex: `00000000 ${VERIFIER_HEX} 00000001 0000000000000003 00000002 61e90000 00000000 00000000 00000000 00000001`,
    value: {
      status: 0,
      resok4: {
        cookieverf: VERIFIER,
        reply: {
          entries: [{ cookie: 3n, name: "a\udce9", attrs: { attrmask: [], attr_vals: new Uint8Array(0) } }],
          eof: true,
        },
      },
    },
  },
  { name: "NFS4ERR_BAD_COOKIE", hex: "00002713", value: { status: 10003 } },
]);

test("a directory of 100,000 entries neither recurses nor crawls", () => {
  const entry = { cookie: 1n, name: "n", attrs: { attrmask: [], attr_vals: new Uint8Array(0) } };
  const entries = Array.from({ length: 100_000 }, () => entry);
  const bytes = encode(READDIR4res, { status: 0, resok4: { cookieverf: VERIFIER, reply: { entries, eof: true } } });
  const cursor = over(bytes);
  READDIR4res.skip(cursor);
  expect(cursor.remaining).toBe(0);
  expect(READDIR4res.read(over(bytes)).resok4?.reply.entries).toHaveLength(100_000);
});
