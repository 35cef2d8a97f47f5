import {
  NFS4_OK,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_BADSESSION,
  NFS4ERR_COMPLETE_ALREADY,
  NFS4ERR_EXIST,
  NFS4ERR_NOENT,
  NFS4ERR_NOXATTR,
  NFS4ERR_OLD_STATEID,
  NFS4ERR_STALE_CLIENTID,
  OP_CLOSE,
  OP_CREATE,
  OP_DELEGRETURN,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_FREE_STATEID,
  OP_LINK,
  OP_LOCKU,
  OP_OPEN,
  OP_OPEN_DOWNGRADE,
  OP_RECLAIM_COMPLETE,
  OP_REMOVE,
  OP_REMOVEXATTR,
  OP_RENAME,
  OP_SETXATTR,
} from "../nfs4/constants.ts";
import type { Reply } from "../session/call.ts";

/** What an operation says when it is executed again after it had succeeded. */
const SECOND_RUN_STATUSES: ReadonlyMap<number, readonly number[]> = new Map([
  [OP_REMOVE, [NFS4ERR_NOENT]],
  [OP_RENAME, [NFS4ERR_NOENT]],
  [OP_CREATE, [NFS4ERR_EXIST]],
  [OP_LINK, [NFS4ERR_EXIST]],
  [OP_OPEN, [NFS4ERR_EXIST]],
  [OP_CLOSE, [NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID]],
  [OP_OPEN_DOWNGRADE, [NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID]],
  [OP_LOCKU, [NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID]],
  [OP_DELEGRETURN, [NFS4ERR_BAD_STATEID, NFS4ERR_OLD_STATEID]],
  [OP_FREE_STATEID, [NFS4ERR_BAD_STATEID]],
  [OP_SETXATTR, [NFS4ERR_EXIST]],
  [OP_REMOVEXATTR, [NFS4ERR_NOXATTR]],
  [OP_RECLAIM_COMPLETE, [NFS4ERR_COMPLETE_ALREADY]],
  [OP_DESTROY_SESSION, [NFS4ERR_BADSESSION]],
  [OP_DESTROY_CLIENTID, [NFS4ERR_STALE_CLIENTID]],
]);

/** Index of the operation that succeeded in `earlier` and failed in `later` as only a second run does; -1 if none. */
export function secondRunAt(earlier: Reply, later: Reply): number {
  const at = later.results.numbers.length - 1;
  const statuses = SECOND_RUN_STATUSES.get(later.results.numbers[at] ?? -1);
  if (statuses === undefined || !statuses.includes(later.lastStatus)) return -1;
  const { numbers } = earlier.results;
  const hadSucceeded = numbers.length > at + 1 || (numbers.length === at + 1 && earlier.lastStatus === NFS4_OK);
  return hadSucceeded && numbers[at] === later.results.numbers[at] ? at : -1;
}
