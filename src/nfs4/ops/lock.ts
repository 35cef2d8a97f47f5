import { bool, enumeration, struct, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { length4, lock_owner4, nfsstat4, offset4, seqid4, stateid4 } from "../types.ts";

export const nfs_lock_type4 = enumeration("nfs_lock_type4", { READ_LT: 1, WRITE_LT: 2, READW_LT: 3, WRITEW_LT: 4 });

export const open_to_lock_owner4 = struct("open_to_lock_owner4", {
  open_seqid: seqid4,
  open_stateid: stateid4,
  lock_seqid: seqid4,
  lock_owner: lock_owner4,
});
export const exist_lock_owner4 = struct("exist_lock_owner4", { lock_stateid: stateid4, lock_seqid: seqid4 });
export const locker4 = union("locker4", "new_lock_owner", bool, {
  TRUE: { open_owner: open_to_lock_owner4 },
  FALSE: { lock_owner: exist_lock_owner4 },
});

export const LOCK4args = struct("LOCK4args", {
  locktype: nfs_lock_type4,
  reclaim: bool,
  offset: offset4,
  length: length4,
  locker: locker4,
});
export type LOCK4args = ValueOf<typeof LOCK4args>;
export const LOCK4denied = struct("LOCK4denied", {
  offset: offset4,
  length: length4,
  locktype: nfs_lock_type4,
  owner: lock_owner4,
});
export const LOCK4resok = struct("LOCK4resok", { lock_stateid: stateid4 });
export const LOCK4res = union(
  "LOCK4res",
  "status",
  nfsstat4,
  { NFS4_OK: { resok4: LOCK4resok }, NFS4ERR_DENIED: { denied: LOCK4denied } },
  voidType,
);
export type LOCK4res = ValueOf<typeof LOCK4res>;

export const LOCKT4args = struct("LOCKT4args", {
  locktype: nfs_lock_type4,
  offset: offset4,
  length: length4,
  owner: lock_owner4,
});
export const LOCKT4res = union(
  "LOCKT4res",
  "status",
  nfsstat4,
  { NFS4ERR_DENIED: { denied: LOCK4denied }, NFS4_OK: voidType },
  voidType,
);

export const LOCKU4args = struct("LOCKU4args", {
  locktype: nfs_lock_type4,
  seqid: seqid4,
  lock_stateid: stateid4,
  offset: offset4,
  length: length4,
});
export const LOCKU4res = result("LOCKU4res", "status", { lock_stateid: stateid4 });

/** Byte-range locks. */
export const lockOperations = [
  operation({ name: "LOCK", rfc: "RFC 8881 §18.10", args: LOCK4args, res: LOCK4res }),
  operation({ name: "LOCKT", rfc: "RFC 8881 §18.11", args: LOCKT4args, res: LOCKT4res }),
  operation({ name: "LOCKU", rfc: "RFC 8881 §18.12", args: LOCKU4args, res: LOCKU4res }),
];
