import {
  CB_GETATTR4res,
  CB_PUSH_DELEG4args,
  CB_RECALL_ANY4args,
  CB_RECALL4args,
  CB_RECALLABLE_OBJ_AVAIL4args,
  CB_WANTS_CANCELLED4args,
} from "../../../src/nfs4/ops/callback-delegation.ts";
import { FATTR, FATTR_HEX, FH, FH_HEX, STATEID, STATEID_HEX } from "../../support/nfs4-samples.ts";
import { rows } from "../../support/xdr-rows.ts";

rows(CB_RECALL4args, [
  {
    name: "truncated meanwhile",
    hex: `${STATEID_HEX} 00000001 ${FH_HEX}`,
    value: { stateid: STATEID, truncate: true, fh: FH },
  },
]);
rows(CB_GETATTR4res, [
  { name: "size and mode", hex: `00000000 ${FATTR_HEX}`, value: { status: 0, resok4: { obj_attributes: FATTR } } },
  { name: "NFS4ERR_BADHANDLE", hex: "00002711", value: { status: 10001 } },
]);
rows(CB_PUSH_DELEG4args, [
  {
    name: "none after all",
    hex: `${FH_HEX} 00000003 00000007`,
    value: { cpda_fh: FH, cpda_delegation: { delegation_type: 3, od_whynone: { ond_why: 7 } } },
  },
]);
rows(CB_RECALL_ANY4args, [
  {
    name: "keep ten, of either kind of delegation",
    hex: "0000000a 00000001 00000003",
    value: { craa_objects_to_keep: 10, craa_type_mask: [3] },
  },
]);
rows(CB_RECALLABLE_OBJ_AVAIL4args, [
  { name: "five", hex: "00000005 00000000", value: { craa_objects_to_keep: 5, craa_type_mask: [] } },
]);
rows(CB_WANTS_CANCELLED4args, [
  {
    name: "one of two",
    hex: "00000001 00000000",
    value: { cwca_contended_wants_cancelled: true, cwca_resourced_wants_cancelled: false },
  },
]);
