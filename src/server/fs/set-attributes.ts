import { time_how4 } from "../../nfs4/attribute-types.ts";
import { ATTRIBUTES, type AttributeName, type AttributeValues } from "../../nfs4/attributes.ts";
import {
  NFS4ERR_ATTRNOTSUPP,
  NFS4ERR_BADOWNER,
  NFS4ERR_BADXDR,
  NFS4ERR_INVAL,
  NFS4ERR_PERM,
} from "../../nfs4/constants.ts";
import { readAttributes } from "../../nfs4/fattr.ts";
import type { fattr4 } from "../../nfs4/types.ts";
import { bitsOf, wordsOf } from "../../xdr/types.ts";
import type { User } from "../context.ts";
import { refuse } from "../refusal.ts";
import { isOwner, MAY, permissionsOf, requireChangeable } from "./access.ts";
import { isReadable, nanosOf, SETTABLE } from "./attributes.ts";
import type { Inode } from "./inode.ts";

const ID_MAX = 0xffff_fffe;
const NANOSECONDS_MAX = 999_999_999;
const SET_ID_BITS = 0o6000;

/** What is to be set, checked as far as that is possible without the object. */
export interface AttributeChange {
  readonly size: number | null;
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  /** `now`: the server's own time. */
  readonly accessedAt: bigint | "now" | null;
  readonly modifiedAt: bigint | "now" | null;
  /** Bits of all of them: what SETATTR, CREATE and OPEN say they have set. */
  readonly mask: number[];
}

const settable: ReadonlySet<number> = new Set(SETTABLE.map((name) => ATTRIBUTES[name].number));

/** Reads what a client wants to be set. ATTRNOTSUPP for what is not known, INVAL for what can only be read. RFC 8881 §5.5 */
export function readChange(wanted: fattr4, minorVersion: number): AttributeChange {
  const numbers = bitsOf(wanted.attrmask);
  for (const number of numbers) {
    if (!settable.has(number)) refuse(isReadable(number, minorVersion) ? NFS4ERR_INVAL : NFS4ERR_ATTRNOTSUPP);
  }
  const { known, trouble } = readAttributes(wanted);
  if (trouble !== null) refuse(NFS4ERR_BADXDR);
  const { size, mode, owner, owner_group } = known;
  if (mode !== undefined && mode > 0o7777) refuse(NFS4ERR_INVAL);
  return {
    size: size === undefined ? null : Number(size),
    mode: mode ?? null,
    uid: owner === undefined ? null : idFrom(owner),
    gid: owner_group === undefined ? null : idFrom(owner_group),
    accessedAt: timeFrom(known, "time_access_set"),
    modifiedAt: timeFrom(known, "time_modify_set"),
    mask: wordsOf(numbers),
  };
}

/** Sets everything, or nothing when the user may not or the size is none of a file's. The caller has seen to the stateid that a size wants. */
export function applyChange(inode: Inode, change: AttributeChange, user: User, now: bigint): void {
  requireRight(inode, change, user);
  const { size, mode, uid, gid, accessedAt, modifiedAt } = change;
  if (size !== null && size !== inode.data.size) {
    inode.data.truncate(size);
    inode.modified(now);
  }
  if (mode !== null) inode.mode = mode;
  const isGivenAway = (uid !== null && uid !== inode.uid) || (gid !== null && gid !== inode.gid);
  // What runs as its owner must not run as another one unasked.
  if (isGivenAway && mode === null && !inode.isDirectory) inode.mode &= ~SET_ID_BITS;
  if (uid !== null) inode.uid = uid;
  if (gid !== null) inode.gid = gid;
  if (accessedAt !== null) inode.accessedAt = accessedAt === "now" ? now : accessedAt;
  if (modifiedAt !== null) inode.modifiedAt = modifiedAt === "now" ? now : modifiedAt;
  inode.metadataChanged(now);
}

/** POSIX: chmod, chgrp and times of one's own choice are the owner's, chown the superuser's; "now" is anybody's who may write. */
function requireRight(inode: Inode, change: AttributeChange, user: User): void {
  requireChangeable(inode);
  const { mode, uid, gid, accessedAt, modifiedAt } = change;
  const isOwned = isOwner(inode, user);
  if (uid !== null && uid !== inode.uid && user.uid !== 0) refuse(NFS4ERR_PERM);
  const isMember = gid === null || user.uid === 0 || gid === user.gid || user.gids.includes(gid);
  if (gid !== inode.gid && !isMember) refuse(NFS4ERR_PERM);
  if ((mode !== null || uid !== null || gid !== null) && !isOwned) refuse(NFS4ERR_PERM);
  const isChosen = typeof accessedAt === "bigint" || typeof modifiedAt === "bigint";
  if (isChosen && !isOwned) refuse(NFS4ERR_PERM);
  const isTouched = accessedAt === "now" || modifiedAt === "now";
  if (isTouched && !isOwned && (permissionsOf(inode, user) & MAY.write) === 0) refuse(NFS4ERR_PERM);
}

/** Owners are numbers here: AUTH_SYS has nothing else. RFC 8881 §5.9 */
function idFrom(owner: string): number {
  const id = /^\d{1,10}$/.test(owner) ? Number(owner) : Number.NaN;
  return id <= ID_MAX ? id : refuse(NFS4ERR_BADOWNER);
}

function timeFrom(known: AttributeValues, name: AttributeName & `${string}_set`): bigint | "now" | null {
  const wish = known[name as "time_access_set"];
  if (wish === undefined) return null;
  if (wish.set_it === time_how4.table.SET_TO_SERVER_TIME4 || wish.time === undefined) return "now";
  if (wish.time.nseconds > NANOSECONDS_MAX) refuse(NFS4ERR_INVAL);
  return nanosOf(wish.time);
}
