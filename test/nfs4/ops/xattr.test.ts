import {
  GETXATTR4res,
  LISTXATTRS4res,
  REMOVEXATTR4args,
  SETXATTR4args,
  SETXATTR4res,
} from "../../../src/nfs4/ops/xattr.ts";
import { fromHex } from "../../support/hex.ts";
import { CINFO, CINFO_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(GETXATTR4res, [
  { name: "a value", hex: "00000000 00000003 00ff0100", value: { gxr_status: 0, gxr_value: fromHex("00ff01") } },
  { name: "an empty value", hex: "00000000 00000000", value: { gxr_status: 0, gxr_value: new Uint8Array(0) } },
  { name: "NFS4ERR_NOXATTR", hex: "0000276f", value: { gxr_status: 10095 } },
]);

rows(SETXATTR4args, [
  {
    name: "only if new",
    hex: "00000001 00000004 6d696d65 00000002 61620000",
    value: { sxa_option: 1, sxa_key: "mime", sxa_value: fromHex("6162") },
  },
]);
rows(SETXATTR4res, [
  { name: "set", hex: `00000000 ${CINFO_HEX}`, value: { sxr_status: 0, sxr_info: CINFO } },
  { name: "NFS4ERR_XATTR2BIG", hex: "00002770", value: { sxr_status: 10096 } },
]);

rows(LISTXATTRS4res, [
  {
    name: "two names",
    hex: "00000000 0000000000000002 00000002 00000001 61000000 00000002 62620000 00000001",
    value: { lxr_status: 0, lxr_value: { lxr_cookie: 2n, lxr_names: ["a", "bb"], lxr_eof: true } },
  },
]);

rows(REMOVEXATTR4args, [{ name: "a name", hex: "00000001 61000000", value: { rxa_name: "a" } }]);
