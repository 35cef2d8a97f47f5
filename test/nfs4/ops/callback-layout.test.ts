import { CB_LAYOUTRECALL4args, CB_NOTIFY_DEVICEID4args } from "../../../src/nfs4/ops/callback-layout.ts";
import { fromHex } from "../../support/hex.ts";
import { FH, FH_HEX, STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { refused, rows } from "../../support/xdr-rows.ts";

const HEAD_HEX = "00000001 00000003 00000001";
const HEAD = { clora_type: 1, clora_iomode: 3, clora_changed: true };

rows(CB_LAYOUTRECALL4args, [
  {
    name: "of a file",
    hex: `${HEAD_HEX} 00000001 ${FH_HEX} 0000000000000000 ffffffffffffffff ${STATEID_HEX}`,
    value: {
      ...HEAD,
      clora_recall: {
        lor_recalltype: 1,
        lor_layout: { lor_fh: FH, lor_offset: 0n, lor_length: 0xffff_ffff_ffff_ffffn, lor_stateid: STATEID },
      },
    },
  },
  {
    name: "of a file system",
    hex: `${HEAD_HEX} 00000002 0000000000000001 0000000000000002`,
    value: { ...HEAD, clora_recall: { lor_recalltype: 2, lor_fsid: { major: 1n, minor: 2n } } },
  },
  { name: "of everything", hex: `${HEAD_HEX} 00000003`, value: { ...HEAD, clora_recall: { lor_recalltype: 3 } } },
]);
refused(CB_LAYOUTRECALL4args, [{ hex: `${HEAD_HEX} 00000004`, message: "layoutrecall4: no case 4", offset: 12 }]);

rows(CB_NOTIFY_DEVICEID4args, [
  {
    name: "one device deleted",
    hex: `00000001 00000001 00000004 00000014 00000001 00112233 44556677 8899aabb ccddeeff`,
    value: {
      cnda_changes: [{ notify_mask: [4], notify_vals: fromHex("00000001 00112233 44556677 8899aabb ccddeeff") }],
    },
  },
]);
