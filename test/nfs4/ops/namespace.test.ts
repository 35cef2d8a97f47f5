import {
  CREATE4args,
  CREATE4res,
  LOOKUP4args,
  READLINK4res,
  RENAME4args,
  RENAME4res,
} from "../../../src/nfs4/ops/namespace.ts";
import { CINFO, CINFO_HEX, FATTR, FATTR_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

const REST_HEX = `00000001 6e000000 ${FATTR_HEX}`;
const REST = { objname: "n", createattrs: FATTR };

rows(CREATE4args, [
  { name: "a directory", hex: `00000002 ${REST_HEX}`, value: { objtype: { type: 2 }, ...REST } },
  {
    name: "a link",
    hex: `00000005 00000003 2e2e2f00 ${REST_HEX}`,
    value: { objtype: { type: 5, linkdata: "../" }, ...REST },
  },
  {
    name: "a block device",
    hex: `00000003 00000008 00000001 ${REST_HEX}`,
    value: { objtype: { type: 3, devdata: { specdata1: 8, specdata2: 1 } }, ...REST },
  },
  {
    name: "a character device",
    hex: `00000004 00000001 00000003 ${REST_HEX}`,
    value: { objtype: { type: 4, devdata: { specdata1: 1, specdata2: 3 } }, ...REST },
  },
  { name: "a socket", hex: `00000006 ${REST_HEX}`, value: { objtype: { type: 6 }, ...REST } },
  { name: "a type that is none", hex: `00000063 ${REST_HEX}`, value: { objtype: { type: 99 }, ...REST } },
]);
rows(CREATE4res, [
  {
    name: "created",
    hex: `00000000 ${CINFO_HEX} 00000002 00000000 00000002`,
    value: { status: 0, resok4: { cinfo: CINFO, attrset: [0, 2] } },
  },
  { name: "NFS4ERR_EXIST", hex: "00000011", value: { status: 17 } },
]);

rows(LOOKUP4args, [{ name: "a name", hex: "00000005 67727c3c 69000000", value: { objname: "gr|<i" } }]);
rows(READLINK4res, [
  { name: "a target", hex: "00000000 00000001 2f000000", value: { status: 0, resok4: { link: "/" } } },
  { name: "NFS4ERR_WRONG_TYPE", hex: "00002763", value: { status: 10083 } },
]);
rows(RENAME4args, [
  { name: "old and new", hex: "00000001 61000000 00000004 62626262", value: { oldname: "a", newname: "bbbb" } },
]);
rows(RENAME4res, [
  {
    name: "renamed",
    hex: `00000000 ${CINFO_HEX} ${CINFO_HEX}`,
    value: { status: 0, resok4: { source_cinfo: CINFO, target_cinfo: CINFO } },
  },
]);
