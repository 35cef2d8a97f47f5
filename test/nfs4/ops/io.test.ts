import { describe, expect, test } from "vitest";
import { COMMIT4res, READ4res, WRITE4args, WRITE4res } from "../../../src/nfs4/ops/io.ts";
import { payloadOf } from "../../../src/xdr/types.ts";
import { fromHex } from "../../support/hex.ts";
import { STATEID, STATEID_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { encode, over, rows } from "../../support/xdr-rows.ts";

rows(READ4res, [
  {
    name: "five bytes at the end of the file",
    hex: "00000000 00000001 00000005 68656c6c 6f000000",
    value: { status: 0, resok4: { eof: true, data: payloadOf(fromHex("68656c6c6f")) } },
  },
  {
    name: "nothing",
    hex: "00000000 00000001 00000000",
    value: { status: 0, resok4: { eof: true, data: payloadOf(new Uint8Array(0)) } },
  },
  { name: "NFS4ERR_OPENMODE", hex: "00002736", value: { status: 10038 } },
]);

rows(WRITE4args, [
  {
    name: "three bytes, stable",
    hex: `${STATEID_HEX} 0000000000001000 00000002 00000003 61626300`,
    value: { stateid: STATEID, offset: 4096n, stable: 2, data: payloadOf(fromHex("616263")) },
  },
]);
rows(WRITE4res, [
  {
    name: "written",
    hex: `00000000 00000003 00000002 ${VERIFIER_HEX}`,
    value: { status: 0, resok4: { count: 3, committed: 2, writeverf: VERIFIER } },
  },
]);
rows(COMMIT4res, [
  { name: "committed", hex: `00000000 ${VERIFIER_HEX}`, value: { status: 0, resok4: { writeverf: VERIFIER } } },
]);

describe("bulk data", () => {
  test("a skip tells the cursor where it was", () => {
    const data = payloadOf(new Uint8Array(1000));
    const cursor = over(encode(WRITE4args, { stateid: STATEID, offset: 0n, stable: 0, data }));
    WRITE4args.skip(cursor);
    expect(cursor.payloadCount).toBe(1);
    expect([cursor.payloadAt[0], cursor.payloadLength[0], cursor.payloadEnd[0]]).toEqual([32, 1000, 1032]);
  });
});
