import { CB_NOTIFY_LOCK4args, CB_NOTIFY4args } from "../../../src/nfs4/ops/callback-notify.ts";
import { fromHex } from "../../support/hex.ts";
import { FH, FH_HEX, STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(CB_NOTIFY4args, [
  {
    name: "an entry removed, then another verifier",
    hex: `${STATEID_HEX} ${FH_HEX} 00000002
      00000001 00000004 00000018 00000001 61000000 00000000 00000000 0000000000000007
      00000001 00000020 00000010 0000000000000001 0000000000000002`,
    value: {
      cna_stateid: STATEID,
      cna_fh: FH,
      cna_changes: [
        { notify_mask: [4], notify_vals: fromHex("00000001 61000000 00000000 00000000 0000000000000007") },
        { notify_mask: [0x20], notify_vals: fromHex("0000000000000001 0000000000000002") },
      ],
    },
  },
]);

rows(CB_NOTIFY_LOCK4args, [
  {
    name: "to a lock owner",
    hex: `${FH_HEX} 0000000000000011 00000002 61620000`,
    value: { cnla_fh: FH, cnla_lock_owner: { clientid: 0x11n, owner: fromHex("6162") } },
  },
]);
