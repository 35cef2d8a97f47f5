import { expect, test } from "vitest";
import {
  IO_ADVISE4args,
  IO_ADVISE4res,
  READ_PLUS4res,
  SEEK4args,
  SEEK4res,
  WRITE_SAME4args,
  WRITE_SAME4res,
} from "../../../src/nfs4/ops/sparse.ts";
import { payloadOf } from "../../../src/xdr/types.ts";
import { fromHex } from "../../support/hex.ts";
import { STATEID, STATEID_HEX, VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { over, rows } from "../../support/xdr-rows.ts";

rows(IO_ADVISE4args, [
  {
    name: "sequential and soon",
    hex: `${STATEID_HEX} 0000000000000000 0000000000100000 00000001 00000012`,
    value: { iaa_stateid: STATEID, iaa_offset: 0n, iaa_count: 0x10_0000n, iaa_hints: [0x12] },
  },
]);
rows(IO_ADVISE4res, [
  { name: "one hint taken", hex: "00000000 00000001 00000002", value: { ior_status: 0, resok4: { ior_hints: [2] } } },
  { name: "NFS4ERR_NOTSUPP", hex: "00002714", value: { ior_status: 10004 } },
]);

// Data "abcde" at 0, a hole from 8 to 4096, data "z" behind it.
const SEGMENTS_HEX = `00000000 00000001 00000003
  00000000 0000000000000000 00000005 61626364 65000000
  00000001 0000000000000008 0000000000000ff8
  00000000 0000000000001000 00000001 7a000000`;

rows(READ_PLUS4res, [
  {
    name: "data, hole, data",
    hex: SEGMENTS_HEX,
    value: {
      rp_status: 0,
      rp_resok4: {
        rpr_eof: true,
        rpr_contents: [
          { rpc_content: 0, rpc_data: { d_offset: 0n, d_data: payloadOf(fromHex("6162636465")) } },
          { rpc_content: 1, rpc_hole: { di_offset: 8n, di_length: 4088n } },
          { rpc_content: 0, rpc_data: { d_offset: 4096n, d_data: payloadOf(fromHex("7a")) } },
        ],
      },
    },
  },
  {
    name: "nothing at the end",
    hex: "00000000 00000001 00000000",
    value: { rp_status: 0, rp_resok4: { rpr_eof: true, rpr_contents: [] } },
  },
  {
    name: "an arm that we do not know has no body",
    hex: "00000000 00000000 00000001 00000002",
    value: { rp_status: 0, rp_resok4: { rpr_eof: false, rpr_contents: [{ rpc_content: 2 }] } },
  },
  { name: "NFS4ERR_NOTSUPP", hex: "00002714", value: { rp_status: 10004 } },
]);

test("a skip notes each data segment as bulk data", () => {
  const cursor = over(fromHex(SEGMENTS_HEX));
  READ_PLUS4res.skip(cursor);
  expect(cursor.remaining).toBe(0);
  expect(cursor.payloadCount).toBe(2);
  expect([...cursor.payloadLength.subarray(0, 2)]).toEqual([5, 1]);
  expect([...cursor.payloadAt.subarray(0, 2)]).toEqual([28, 72]);
});

rows(SEEK4args, [
  {
    name: "the next hole",
    hex: `${STATEID_HEX} 0000000000001000 00000001`,
    value: { sa_stateid: STATEID, sa_offset: 4096n, sa_what: 1 },
  },
]);
rows(SEEK4res, [
  {
    name: "found",
    hex: "00000000 00000000 0000000000002000",
    value: { sa_status: 0, resok4: { sr_eof: false, sr_offset: 8192n } },
  },
  { name: "NFS4ERR_NXIO", hex: "00000006", value: { sa_status: 6 } },
]);

rows(WRITE_SAME4args, [
  {
    name: "a pattern in eight blocks",
    hex: `${STATEID_HEX} 00000002 0000000000000000 0000000000001000 0000000000000008 0000000000000004 00000001
      0000000000000010 00000003 61626300`,
    value: {
      wsa_stateid: STATEID,
      wsa_stable: 2,
      wsa_adb: {
        adb_offset: 0n,
        adb_block_size: 4096n,
        adb_block_count: 8n,
        adb_reloff_blocknum: 4n,
        adb_block_num: 1,
        adb_reloff_pattern: 16n,
        adb_pattern: fromHex("616263"),
      },
    },
  },
]);
rows(WRITE_SAME4res, [
  {
    name: "goes on",
    hex: `00000000 00000001 ${STATEID_HEX} 0000000000008000 00000000 ${VERIFIER_HEX}`,
    value: {
      wsr_status: 0,
      resok4: { wr_callback_id: [STATEID], wr_count: 32768n, wr_committed: 0, wr_writeverf: VERIFIER },
    },
  },
]);
