import {
  NFS4_OK,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_DELAY,
  NFS4ERR_DENIED,
  NFS4ERR_INVAL,
  NFS4ERR_OPENMODE,
  NFS4ERR_RECLAIM_CONFLICT,
} from "../../nfs4/constants.ts";
import {
  LOCK4args,
  type LOCK4denied,
  LOCK4res,
  LOCKT4args,
  LOCKT4res,
  LOCKU4args,
  LOCKU4res,
  nfs_lock_type4,
} from "../../nfs4/ops/lock.ts";
import type { ValueOf } from "../../xdr/types.ts";
import type { CompoundContext } from "../context.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";
import type { LockRange } from "../state/byte-range-locks.ts";
import { SHARE_READ, SHARE_WRITE } from "../state/share-reservations.ts";
import { advance, type LockState } from "../state/state.ts";
import { lockKey } from "../state/states.ts";
import { ownerKey } from "./open.ts";

const { READ_LT, WRITE_LT, WRITEW_LT } = nfs_lock_type4.table as Record<string, number>;
const WHOLE = 0xffff_ffff_ffff_ffffn;
const END = 1n << 64n;

/** Where a range ends. All ones: never. RFC 8881 §18.10.3 */
function endOf(offset: bigint, length: bigint): bigint {
  if (length === 0n || (length !== WHOLE && offset + length > WHOLE)) refuse(NFS4ERR_INVAL);
  return length === WHOLE ? END : offset + length;
}

function isWriteLock(locktype: number): boolean {
  if (locktype < (READ_LT as number) || locktype > (WRITEW_LT as number)) refuse(NFS4ERR_INVAL);
  return locktype === WRITE_LT || locktype === WRITEW_LT;
}

/** What stands in the way, as its owner named itself. */
function denied({ owner, isWrite, start, end }: LockRange): ValueOf<typeof LOCK4denied> {
  const space = owner.indexOf(" ");
  return {
    offset: start,
    length: end === END ? WHOLE : end - start,
    locktype: (isWrite ? WRITE_LT : READ_LT) as number,
    owner: { clientid: BigInt(owner.slice(0, space)), owner: Buffer.from(owner.slice(space + 1), "latin1") },
  };
}

function lock(context: CompoundContext, args: LOCK4args): LOCK4res {
  const { services, current } = context;
  const { states } = services;
  void current.data;
  const isWrite = isWriteLock(args.locktype);
  const end = endOf(args.offset, args.length);
  requireTime(context, args.reclaim);
  const holder = lockOwnerOf(context, args);
  const wanted = { owner: lockKey(holder), isWrite, start: args.offset, end };
  const file = states.files.of(current);
  const conflict = file.locks.conflict(wanted);
  if (conflict !== null || !file.locks.take(wanted)) {
    // A new lock owner that gets nothing is not remembered.
    if (holder.seqid === 0) states.freeLock(holder);
    if (conflict === null) refuse(NFS4ERR_DELAY);
    if (args.reclaim) refuse(NFS4ERR_RECLAIM_CONFLICT);
    return { status: NFS4ERR_DENIED, denied: denied(conflict) };
  }
  const lock_stateid = advance(holder);
  context.currentStateid = lock_stateid;
  return { status: NFS4_OK, resok4: { lock_stateid } };
}

/** Reclaims have their time, and all other locks another. RFC 8881 §8.4.2 */
function requireTime({ services, client }: CompoundContext, isReclaim: boolean): void {
  const { grace, timers } = services;
  const now = timers.nowNanos();
  const status = isReclaim ? grace.statusOfReclaim(client, now) : grace.statusOfNew(client, now);
  if (status !== NFS4_OK) refuse(status);
}

/** The lock owner's state: found, or made under an open. RFC 8881 §18.10.3 */
function lockOwnerOf(context: CompoundContext, { locker, locktype }: LOCK4args): LockState {
  const { states } = context.services;
  if (locker.lock_owner !== undefined) {
    const held = states.resolveAs(context, locker.lock_owner.lock_stateid, "lock");
    requireOpenMode(held.open.access, locktype);
    return held;
  }
  const { open_stateid, lock_owner } = locker.open_owner ?? refuse(NFS4ERR_BAD_STATEID);
  const open = states.resolveAs(context, open_stateid, "open");
  requireOpenMode(open.access, locktype);
  return states.lockOwner(open, ownerKey(lock_owner.owner));
}

/** As POSIX has it: a read lock wants the file open for reading, a write lock for writing. */
function requireOpenMode(access: number, locktype: number): void {
  if ((access & (isWriteLock(locktype) ? SHARE_WRITE : SHARE_READ)) === 0) refuse(NFS4ERR_OPENMODE);
}

/** Byte-range locks. Clients that want to wait ask again: nothing is told them when a range gets free. */
export const lockHandlers = [
  handler("LOCK", LOCK4args, LOCK4res, lock),
  handler("LOCKT", LOCKT4args, LOCKT4res, (context, { locktype, offset, length, owner }) => {
    const { services, current, client } = context;
    void current.data;
    const isWrite = isWriteLock(locktype);
    const end = endOf(offset, length);
    requireTime(context, false);
    const key = lockKey({ client, owner: ownerKey(owner.owner) });
    const conflict = services.states.files.peek(current)?.locks.conflict({ owner: key, isWrite, start: offset, end });
    return conflict == null ? { status: NFS4_OK } : { status: NFS4ERR_DENIED, denied: denied(conflict) };
  }),
  handler("LOCKU", LOCKU4args, LOCKU4res, (context, { locktype, lock_stateid, offset, length }) => {
    const { states } = context.services;
    isWriteLock(locktype);
    const held = states.resolveAs(context, lock_stateid, "lock");
    const end = endOf(offset, length);
    if (!states.files.of(held.inode).locks.release(lockKey(held), offset, end)) refuse(NFS4ERR_DELAY);
    const stateid = advance(held);
    context.currentStateid = stateid;
    return { status: NFS4_OK, lock_stateid: stateid };
  }),
];
