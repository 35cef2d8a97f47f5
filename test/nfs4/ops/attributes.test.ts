import {
  ACCESS4res,
  GETATTR4args,
  GETATTR4res,
  NVERIFY4args,
  SETATTR4args,
  SETATTR4res,
} from "../../../src/nfs4/ops/attributes.ts";
import { FATTR, FATTR_HEX, STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(ACCESS4res, [
  { name: "granted", hex: "00000000 0000003f 00000003", value: { status: 0, resok4: { supported: 0x3f, access: 3 } } },
  { name: "NFS4ERR_STALE", hex: "00000046", value: { status: 70 } },
]);

rows(GETATTR4args, [
  { name: "nothing", hex: "00000000", value: { attr_request: [] } },
  {
    name: "a mask that ends in zeros",
    hex: "00000003 0010011a 00b0a23a 00000000",
    value: { attr_request: [0x10011a, 0xb0a23a, 0] },
  },
]);
rows(GETATTR4res, [
  { name: "size and mode", hex: `00000000 ${FATTR_HEX}`, value: { status: 0, resok4: { obj_attributes: FATTR } } },
  { name: "NFS4ERR_DELAY", hex: "00002718", value: { status: 10008 } },
]);
rows(NVERIFY4args, [{ name: "size and mode", hex: FATTR_HEX, value: { obj_attributes: FATTR } }]);

rows(SETATTR4args, [
  { name: "size and mode", hex: `${STATEID_HEX} ${FATTR_HEX}`, value: { stateid: STATEID, obj_attributes: FATTR } },
]);
rows(SETATTR4res, [
  { name: "set", hex: "00000000 00000002 00000010 00000002", value: { status: 0, attrsset: [0x10, 2] } },
  {
    name: "not set, and the mask is there all the same",
    hex: "0000001c 00000000",
    value: { status: 28, attrsset: [] },
  },
  { name: "half set when it failed", hex: "00000005 00000001 00000010", value: { status: 5, attrsset: [0x10] } },
]);
