import { GETDEVICEINFO4args, GETDEVICEINFO4res, GETDEVICELIST4res } from "../../../src/nfs4/ops/device.ts";
import { fromHex } from "../../support/hex.ts";
import { VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const DEVICE_HEX = "00112233445566778899aabbccddeeff";
const DEVICE = fromHex(DEVICE_HEX);

rows(GETDEVICEINFO4args, [
  {
    name: "with both notifications",
    hex: `${DEVICE_HEX} 00000001 00001000 00000001 00000006`,
    value: { gdia_device_id: DEVICE, gdia_layout_type: 1, gdia_maxcount: 4096, gdia_notify_types: [6] },
  },
]);
rows(GETDEVICEINFO4res, [
  {
    name: "an address",
    hex: "00000000 00000001 00000002 01020000 00000000",
    value: {
      gdir_status: 0,
      gdir_resok4: {
        gdir_device_addr: { da_layout_type: 1, da_addr_body: fromHex("0102") },
        gdir_notification: [],
      },
    },
  },
  {
    name: "NFS4ERR_TOOSMALL says how much it takes",
    hex: "00002715 00002000",
    value: { gdir_status: 10005, gdir_mincount: 8192 },
  },
  { name: "NFS4ERR_NOENT", hex: "00000002", value: { gdir_status: 2 } },
]);
rows(GETDEVICELIST4res, [
  {
    name: "two devices",
    hex: `00000000 0000000000000007 ${VERIFIER_HEX} 00000002 ${DEVICE_HEX} ${DEVICE_HEX} 00000001`,
    value: {
      gdlr_status: 0,
      gdlr_resok4: {
        gdlr_cookie: 7n,
        gdlr_cookieverf: VERIFIER,
        gdlr_deviceid_list: [DEVICE, DEVICE],
        gdlr_eof: true,
      },
    },
  },
]);
