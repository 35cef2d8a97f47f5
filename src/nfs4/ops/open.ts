import { enumeration, struct, uint32, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { open_claim_type4, open_delegation_type4, open_delegation4 } from "../open-delegation.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { bitmap4, change_info4, component4, fattr4, open_owner4, seqid4, stateid4, verifier4 } from "../types.ts";

export const CLOSE4args = struct("CLOSE4args", { seqid: seqid4, open_stateid: stateid4 });
export type CLOSE4args = ValueOf<typeof CLOSE4args>;
export const CLOSE4res = result("CLOSE4res", "status", { open_stateid: stateid4 });

export const createmode4 = enumeration("createmode4", {
  UNCHECKED4: 0,
  GUARDED4: 1,
  EXCLUSIVE4: 2,
  EXCLUSIVE4_1: 3,
});
export const creatverfattr = struct("creatverfattr", { cva_verf: verifier4, cva_attrs: fattr4 });
export const createhow4 = union("createhow4", "mode", createmode4, {
  UNCHECKED4: { createattrs: fattr4 },
  GUARDED4: { createattrs: fattr4 },
  EXCLUSIVE4: { createverf: verifier4 },
  EXCLUSIVE4_1: { ch_createboth: creatverfattr },
});
export const opentype4 = enumeration("opentype4", { OPEN4_NOCREATE: 0, OPEN4_CREATE: 1 });
export const openflag4 = union("openflag4", "opentype", opentype4, { OPEN4_CREATE: { how: createhow4 } }, voidType);

export const open_claim_delegate_cur4 = struct("open_claim_delegate_cur4", {
  delegate_stateid: stateid4,
  file: component4,
});
export const open_claim4 = union("open_claim4", "claim", open_claim_type4, {
  CLAIM_NULL: { file: component4 },
  CLAIM_PREVIOUS: { delegate_type: open_delegation_type4 },
  CLAIM_DELEGATE_CUR: { delegate_cur_info: open_claim_delegate_cur4 },
  CLAIM_DELEGATE_PREV: { file_delegate_prev: component4 },
  CLAIM_FH: voidType,
  CLAIM_DELEG_PREV_FH: voidType,
  CLAIM_DELEG_CUR_FH: { oc_delegate_stateid: stateid4 },
});
export const OPEN4args = struct("OPEN4args", {
  seqid: seqid4,
  share_access: uint32,
  share_deny: uint32,
  owner: open_owner4,
  openhow: openflag4,
  claim: open_claim4,
});
export type OPEN4args = ValueOf<typeof OPEN4args>;
export const OPEN4resok = struct("OPEN4resok", {
  stateid: stateid4,
  cinfo: change_info4,
  rflags: uint32,
  attrset: bitmap4,
  delegation: open_delegation4,
});
export const OPEN4res = result("OPEN4res", "status", { resok4: OPEN4resok });
export type OPEN4res = ValueOf<typeof OPEN4res>;

export const OPEN_DOWNGRADE4args = struct("OPEN_DOWNGRADE4args", {
  open_stateid: stateid4,
  seqid: seqid4,
  share_access: uint32,
  share_deny: uint32,
});
export const OPEN_DOWNGRADE4resok = struct("OPEN_DOWNGRADE4resok", { open_stateid: stateid4 });
export const OPEN_DOWNGRADE4res = result("OPEN_DOWNGRADE4res", "status", { resok4: OPEN_DOWNGRADE4resok });

/** Opening and closing files. */
export const openOperations = [
  operation({ name: "CLOSE", rfc: "RFC 8881 §18.2", args: CLOSE4args, res: CLOSE4res }),
  operation({ name: "OPEN", rfc: "RFC 8881 §18.16", args: OPEN4args, res: OPEN4res }),
  operation({ name: "OPEN_DOWNGRADE", rfc: "RFC 8881 §18.18", args: OPEN_DOWNGRADE4args, res: OPEN_DOWNGRADE4res }),
];
