import { SETCLIENTID4args, SETCLIENTID4res } from "../../../src/nfs4/ops/v40.ts";
import { fromHex } from "../../support/hex.ts";
import { VERIFIER, VERIFIER_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const ADDRESS_HEX = "00000003 74637000 00000009 312e322e 332e342e 35000000";
const ADDRESS = { na_r_netid: "tcp", na_r_addr: "1.2.3.4.5" };

rows(SETCLIENTID4args, [
  {
    name: "a client and its callback",
    hex: `${VERIFIER_HEX} 00000002 69640000 40000000 ${ADDRESS_HEX} 00000001`,
    value: {
      client: { verifier: VERIFIER, id: fromHex("6964") },
      callback: { cb_program: 0x4000_0000, cb_location: ADDRESS },
      callback_ident: 1,
    },
  },
]);
rows(SETCLIENTID4res, [
  {
    name: "to be confirmed",
    hex: `00000000 0000000000000011 ${VERIFIER_HEX}`,
    value: { status: 0, resok4: { clientid: 0x11n, setclientid_confirm: VERIFIER } },
  },
  {
    name: "NFS4ERR_CLID_INUSE says by whom",
    hex: `00002721 ${ADDRESS_HEX}`,
    value: { status: 10017, client_using: ADDRESS },
  },
  { name: "NFS4ERR_NOTSUPP, the answer of a later minor version", hex: "00002714", value: { status: 10004 } },
]);
