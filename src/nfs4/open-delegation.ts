import { bool, enumeration, struct, uint32, uint64, union, type ValueOf, voidType } from "../xdr/types.ts";
import { nfsace4 } from "./attribute-types.ts";
import { stateid4 } from "./types.ts";

// What OPEN, WANT_DELEGATION and CB_PUSH_DELEG share. RFC 8881 §18.16

export const open_claim_type4 = enumeration("open_claim_type4", {
  CLAIM_NULL: 0,
  CLAIM_PREVIOUS: 1,
  CLAIM_DELEGATE_CUR: 2,
  CLAIM_DELEGATE_PREV: 3,
  CLAIM_FH: 4,
  CLAIM_DELEG_CUR_FH: 5,
  CLAIM_DELEG_PREV_FH: 6,
});

/** The last two are of RFC 9754: delegations that cover the file's times; their bodies are those of READ and WRITE. */
export const open_delegation_type4 = enumeration("open_delegation_type4", {
  OPEN_DELEGATE_NONE: 0,
  OPEN_DELEGATE_READ: 1,
  OPEN_DELEGATE_WRITE: 2,
  OPEN_DELEGATE_NONE_EXT: 3,
  OPEN_DELEGATE_READ_ATTRS_DELEG: 4,
  OPEN_DELEGATE_WRITE_ATTRS_DELEG: 5,
});

export const limit_by4 = enumeration("limit_by4", { NFS_LIMIT_SIZE: 1, NFS_LIMIT_BLOCKS: 2 });
export const nfs_modified_limit4 = struct("nfs_modified_limit4", { num_blocks: uint32, bytes_per_block: uint32 });
export const nfs_space_limit4 = union("nfs_space_limit4", "limitby", limit_by4, {
  NFS_LIMIT_SIZE: { filesize: uint64 },
  NFS_LIMIT_BLOCKS: { mod_blocks: nfs_modified_limit4 },
});

export const open_read_delegation4 = struct("open_read_delegation4", {
  stateid: stateid4,
  recall: bool,
  permissions: nfsace4,
});
export const open_write_delegation4 = struct("open_write_delegation4", {
  stateid: stateid4,
  recall: bool,
  space_limit: nfs_space_limit4,
  permissions: nfsace4,
});

export const why_no_delegation4 = enumeration("why_no_delegation4", {
  WND4_NOT_WANTED: 0,
  WND4_CONTENTION: 1,
  WND4_RESOURCE: 2,
  WND4_NOT_SUPP_FTYPE: 3,
  WND4_WRITE_DELEG_NOT_SUPP_FTYPE: 4,
  WND4_NOT_SUPP_UPGRADE: 5,
  WND4_NOT_SUPP_DOWNGRADE: 6,
  WND4_CANCELLED: 7,
  WND4_IS_DIR: 8,
});
export const open_none_delegation4 = union(
  "open_none_delegation4",
  "ond_why",
  why_no_delegation4,
  {
    WND4_CONTENTION: { ond_server_will_push_deleg: bool },
    WND4_RESOURCE: { ond_server_will_signal_avail: bool },
  },
  voidType,
);

export const open_delegation4 = union("open_delegation4", "delegation_type", open_delegation_type4, {
  OPEN_DELEGATE_NONE: voidType,
  OPEN_DELEGATE_READ: { read: open_read_delegation4 },
  OPEN_DELEGATE_WRITE: { write: open_write_delegation4 },
  OPEN_DELEGATE_NONE_EXT: { od_whynone: open_none_delegation4 },
  OPEN_DELEGATE_READ_ATTRS_DELEG: { read: open_read_delegation4 },
  OPEN_DELEGATE_WRITE_ATTRS_DELEG: { write: open_write_delegation4 },
});
export type open_delegation4 = ValueOf<typeof open_delegation4>;
