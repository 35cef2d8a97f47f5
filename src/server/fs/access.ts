import { NFS4ERR_ACCESS, NFS4ERR_PERM, NFS4ERR_ROFS } from "../../nfs4/constants.ts";
import type { User } from "../context.ts";
import { refuse } from "../refusal.ts";
import type { Inode } from "./inode.ts";

/** Permission bits, as in the mode. */
export const MAY = { read: 4, write: 2, execute: 1 } as const;

/** Bits of ACCESS. RFC 8881 §18.1 */
export const ACCESS4 = { read: 1, lookup: 2, modify: 4, extend: 8, delete: 16, execute: 32 } as const;

const SUPER_USER = 0;
const STICKY = 0o1000;
const ANY_EXECUTE = 0o111;

/** The permissions that a user has. */
export function permissionsOf(inode: Inode, user: User): number {
  const permissions = permissionsByMode(inode, user);
  return inode.isReadOnly ? permissions & ~MAY.write : permissions;
}

function permissionsByMode(inode: Inode, user: User): number {
  if (user.uid === SUPER_USER) {
    const mayExecute = inode.isDirectory || (inode.mode & ANY_EXECUTE) !== 0;
    return MAY.read | MAY.write | (mayExecute ? MAY.execute : 0);
  }
  if (user.uid === inode.uid) return (inode.mode >> 6) & 7;
  const isInGroup = user.gid === inode.gid || user.gids.includes(inode.gid);
  return isInGroup ? (inode.mode >> 3) & 7 : inode.mode & 7;
}

/** ROFS where nobody may write, ACCESS unless the user has all these permissions. */
export function requirePermission(inode: Inode, user: User, wanted: number): void {
  if ((wanted & MAY.write) !== 0) requireChangeable(inode);
  if ((permissionsOf(inode, user) & wanted) !== wanted) refuse(NFS4ERR_ACCESS);
}

/** ROFS when nobody may change it. */
export function requireChangeable(inode: Inode): void {
  if (inode.isReadOnly) refuse(NFS4ERR_ROFS);
}

/** PERM unless the user owns the object. */
export function requireOwner(inode: Inode, user: User): void {
  if (!isOwner(inode, user)) refuse(NFS4ERR_PERM);
}

export function isOwner(inode: Inode, user: User): boolean {
  return user.uid === SUPER_USER || user.uid === inode.uid;
}

/** Taking a name out of a directory: in a sticky one it takes the owner of the one or the other. */
export function requireRemoval(directory: Inode, inode: Inode, user: User): void {
  requireChangeable(inode);
  requirePermission(directory, user, MAY.write | MAY.execute);
  const isSticky = (directory.mode & STICKY) !== 0;
  if (isSticky && !isOwner(directory, user) && !isOwner(inode, user)) refuse(NFS4ERR_ACCESS);
}

/** What ACCESS says: the bits that make sense for the object, and those that the user has. */
export function accessOf(inode: Inode, user: User): { supported: number; granted: number } {
  const { read, lookup, modify, extend, delete: remove, execute } = ACCESS4;
  const permissions = permissionsOf(inode, user);
  const ifMay = (wanted: number, bits: number) => ((permissions & wanted) === wanted ? bits : 0);
  if (inode.isDirectory) {
    return {
      supported: read | lookup | modify | extend | remove,
      // Names change hands only where they can be looked up.
      granted:
        ifMay(MAY.read, read) | ifMay(MAY.execute, lookup) | ifMay(MAY.write | MAY.execute, modify | extend | remove),
    };
  }
  return {
    supported: read | modify | extend | execute,
    granted: ifMay(MAY.read, read) | ifMay(MAY.write, modify | extend) | ifMay(MAY.execute, execute),
  };
}
