import { LAYOUTERROR4args, LAYOUTSTATS4args } from "../../../src/nfs4/ops/layout-report.ts";
import { fromHex } from "../../support/hex.ts";
import { STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const DEVICE_HEX = "00112233445566778899aabbccddeeff";
const DEVICE = fromHex(DEVICE_HEX);

rows(LAYOUTERROR4args, [
  {
    name: "a device that refused a READ",
    hex: `0000000000000000 ffffffffffffffff ${STATEID_HEX} 00000001 ${DEVICE_HEX} 00000006 00000019`,
    value: {
      lea_offset: 0n,
      lea_length: 0xffff_ffff_ffff_ffffn,
      lea_stateid: STATEID,
      lea_errors: [{ de_deviceid: DEVICE, de_status: 6, de_opnum: 25 }],
    },
  },
]);

rows(LAYOUTSTATS4args, [
  {
    name: "read and written",
    hex: `0000000000000000 0000000000001000 ${STATEID_HEX}
      0000000000000002 0000000000000800 0000000000000001 0000000000000400 ${DEVICE_HEX} 00000004 00000000`,
    value: {
      lsa_offset: 0n,
      lsa_length: 4096n,
      lsa_stateid: STATEID,
      lsa_read: { ii_count: 2n, ii_bytes: 2048n },
      lsa_write: { ii_count: 1n, ii_bytes: 1024n },
      lsa_deviceid: DEVICE,
      lsa_layoutupdate: { lou_type: 4, lou_body: new Uint8Array(0) },
    },
  },
]);
