import {
  NFS4ERR_EXIST,
  NFS4ERR_INVAL,
  NFS4ERR_ISDIR,
  NFS4ERR_MLINK,
  NFS4ERR_NOENT,
  NFS4ERR_NOSPC,
  NFS4ERR_NOTEMPTY,
  NFS4ERR_STALE,
} from "../../nfs4/constants.ts";
import type { change_info4 } from "../../nfs4/types.ts";
import type { Timers } from "../../sys/timers.ts";
import { refuse } from "../refusal.ts";
import { handleOf, idOf } from "./handle.ts";
import { Inode, type InodeSeed, NF4DIR } from "./inode.ts";
import { checkName } from "./names.ts";
import { Space } from "./space.ts";

/** maxlink, attribute 28. */
export const LINKS_MAX = 65_000;
const ROOT_ID = 1;

/** How large a file system may get. */
export interface FileSystemLimits {
  readonly bytesMax: number;
  readonly inodesMax: number;
  /** maxread and maxwrite. */
  readonly bulkBytesMax: number;
}

/** An object that was made, and what that did to its directory. */
export interface Made {
  readonly inode: Inode;
  readonly change: change_info4;
}

/** Files in memory. Whether somebody may do something is not asked here: see `access.ts`. */
export class FileSystem {
  readonly root: Inode;
  readonly space: Space;
  readonly limits: FileSystemLimits;
  readonly #timers: Timers;
  readonly #inodes = new Map<number, Inode>();
  #lastId = ROOT_ID;
  #nameCount = 0;

  constructor(timers: Timers, limits: FileSystemLimits) {
    this.#timers = timers;
    this.limits = limits;
    this.space = new Space(limits.bytesMax);
    const seed = { type: NF4DIR, mode: 0o777, uid: 0, gid: 0 };
    this.root = new Inode(ROOT_ID, seed, this.space, this.now);
    this.root.linkCount = 2;
    this.#inodes.set(ROOT_ID, this.root);
  }

  /** Nanoseconds since 1970. */
  get now(): bigint {
    return this.#timers.wallNanos();
  }

  get inodeCount(): number {
    return this.#inodes.size;
  }

  handleOf(inode: Inode): Uint8Array {
    return handleOf(inode.id);
  }

  /** The object of a filehandle; BADHANDLE, or STALE when it is gone. */
  resolve(handle: Uint8Array): Inode {
    return this.#inodes.get(idOf(handle)) ?? refuse(NFS4ERR_STALE);
  }

  /** The object of that name; NOENT. */
  lookup(directory: Inode, name: string): Inode {
    return this.find(directory, name) ?? refuse(NFS4ERR_NOENT);
  }

  /** The object of that name, null if there is none. */
  find(directory: Inode, name: string): Inode | null {
    const { directory: names } = directory;
    checkName(name);
    return names.get(name)?.inode ?? null;
  }

  /** Makes an object; EXIST. */
  create(directory: Inode, name: string, seed: InodeSeed): Made {
    if (this.find(directory, name) !== null) refuse(NFS4ERR_EXIST);
    // A directory that was removed but is still somebody's current filehandle takes nothing more.
    if (directory.linkCount === 0) refuse(NFS4ERR_STALE);
    if (this.#inodes.size >= this.limits.inodesMax) refuse(NFS4ERR_NOSPC);
    this.#requireRoomForName();
    const inode = new Inode(++this.#lastId, seed, this.space, this.now);
    this.#inodes.set(inode.id, inode);
    if (inode.isDirectory) inode.linkCount = 1;
    return { inode, change: this.#changing(directory, () => this.#attach(directory, name, inode)) };
  }

  /** LINK */
  link(inode: Inode, directory: Inode, name: string): change_info4 {
    if (inode.isDirectory) refuse(NFS4ERR_ISDIR);
    if (this.find(directory, name) !== null) refuse(NFS4ERR_EXIST);
    if (inode.linkCount >= LINKS_MAX) refuse(NFS4ERR_MLINK);
    if (directory.linkCount === 0 || inode.linkCount === 0) refuse(NFS4ERR_STALE);
    this.#requireRoomForName();
    inode.metadataChanged(this.now);
    return this.#changing(directory, () => this.#attach(directory, name, inode));
  }

  /** REMOVE, of anything but a directory with names in it. */
  remove(directory: Inode, name: string): change_info4 {
    const inode = this.lookup(directory, name);
    if (inode.isDirectory && inode.directory.size > 0) refuse(NFS4ERR_NOTEMPTY);
    return this.#changing(directory, () => this.#detach(directory, name, inode));
  }

  /** RENAME: what has the new name goes, unless it cannot. RFC 8881 §18.26.3 */
  rename(from: Inode, oldName: string, to: Inode, newName: string): { source: change_info4; target: change_info4 } {
    const inode = this.lookup(from, oldName);
    const replaced = this.find(to, newName);
    if (to.linkCount === 0) refuse(NFS4ERR_STALE);
    if (inode.isDirectory && isWithin(to, inode)) refuse(NFS4ERR_INVAL);
    // Two names of one object: nothing is to be done, and both stay.
    if (replaced === inode) return { source: unchanged(from), target: unchanged(to) };
    if (replaced !== null) refuseReplacing(inode, replaced);
    const before = { source: from.change, target: to.change };
    this.#detachName(from, oldName, inode);
    if (replaced !== null) this.#detach(to, newName, replaced);
    this.#attach(to, newName, inode);
    inode.linkCount--;
    from.modified(this.now);
    if (to !== from) to.modified(this.now);
    inode.metadataChanged(this.now);
    return {
      source: { atomic: true, before: before.source, after: from.change },
      target: { atomic: true, before: before.target, after: to.change },
    };
  }

  /** An open holds it: it outlives its last name. */
  holdOpen(inode: Inode): void {
    inode.openCount++;
  }

  releaseOpen(inode: Inode): void {
    inode.openCount--;
    this.#dropIfUnused(inode);
  }

  #changing(directory: Inode, act: () => void): change_info4 {
    const before = directory.change;
    act();
    directory.modified(this.now);
    return { atomic: true, before, after: directory.change };
  }

  /** Names take memory as objects do, and LINK makes them without one: there are no more of the ones than of the others. */
  #requireRoomForName(): void {
    if (this.#nameCount >= this.limits.inodesMax) refuse(NFS4ERR_NOSPC);
  }

  #attach(directory: Inode, name: string, inode: Inode): void {
    directory.directory.set(name, inode);
    this.#nameCount++;
    inode.linkCount++;
    if (!inode.isDirectory) return;
    inode.parent = directory;
    directory.linkCount++;
  }

  #detachName(directory: Inode, name: string, inode: Inode): void {
    directory.directory.delete(name);
    this.#nameCount--;
    if (inode.isDirectory) directory.linkCount--;
  }

  #detach(directory: Inode, name: string, inode: Inode): void {
    this.#detachName(directory, name, inode);
    inode.linkCount = inode.isDirectory ? 0 : inode.linkCount - 1;
    inode.metadataChanged(this.now);
    this.#dropIfUnused(inode);
  }

  #dropIfUnused(inode: Inode): void {
    if (inode.linkCount > 0 || inode.openCount > 0 || !this.#inodes.delete(inode.id)) return;
    inode.release();
  }
}

function unchanged({ change }: Inode): change_info4 {
  return { atomic: true, before: change, after: change };
}

/** `inode` is `ancestor` or somewhere below it. */
function isWithin(inode: Inode, ancestor: Inode): boolean {
  for (let at = inode; ; at = at.parent) {
    if (at === ancestor) return true;
    if (at.parent === at) return false;
  }
}

/** Only a file takes the place of a file, and a directory that of an empty directory. RFC 8881 §18.26.3 */
function refuseReplacing(inode: Inode, replaced: Inode): void {
  if (replaced.isDirectory !== inode.isDirectory) refuse(NFS4ERR_EXIST);
  if (replaced.isDirectory && replaced.directory.size > 0) refuse(NFS4ERR_EXIST);
}
