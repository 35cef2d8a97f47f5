import { nfs_ftype4 } from "../../nfs4/attribute-types.ts";
import {
  NFS4ERR_ISDIR,
  NFS4ERR_NOTDIR,
  NFS4ERR_STALE,
  NFS4ERR_SYMLINK,
  NFS4ERR_WRONG_TYPE,
} from "../../nfs4/constants.ts";
import { bytesOf } from "../../xdr/text.ts";
import { refuse } from "../refusal.ts";
import { Directory } from "./directory.ts";
import { FileData } from "./file-data.ts";
import type { Space } from "./space.ts";

export const { NF4REG, NF4DIR, NF4BLK, NF4CHR, NF4LNK, NF4SOCK, NF4FIFO } = nfs_ftype4.table as Record<
  "NF4REG" | "NF4DIR" | "NF4BLK" | "NF4CHR" | "NF4LNK" | "NF4SOCK" | "NF4FIFO",
  number
>;

/** What a new object is. */
export interface InodeSeed {
  /** nfs_ftype4 */
  readonly type: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link. */
  readonly target?: string;
  /** specdata4 of a device. */
  readonly device?: { readonly specdata1: number; readonly specdata2: number };
  /** Nobody may change it. */
  readonly isReadOnly?: boolean;
}

/** An object of the file system. Times are nanoseconds since 1970. */
export class Inode {
  /** fileid; never used again. */
  readonly id: number;
  readonly type: number;
  mode: number;
  uid: number;
  gid: number;
  /** Names that lead to it. */
  linkCount = 0;
  /** change attribute: another one after each change. */
  change = 1n;
  accessedAt: bigint;
  modifiedAt: bigint;
  changedAt: bigint;
  readonly createdAt: bigint;
  /** Opens that hold it although its last name may be gone. */
  openCount = 0;
  /** Its last name and its last open are gone, though a request may still have it as its current filehandle. */
  isGone = false;
  /** The directory that a directory is in; the root is its own parent. */
  parent: Inode;
  readonly target: string;
  readonly device: { readonly specdata1: number; readonly specdata2: number };
  /** Nobody may change it, the superuser neither. */
  readonly isReadOnly: boolean;
  /** What an exclusive create was told, so that its repetition is known. RFC 8881 §18.16.3 */
  createVerifier: Uint8Array | null = null;
  readonly #space: Space;
  readonly #data: FileData | null;
  readonly #directory: Directory | null;

  constructor(id: number, seed: InodeSeed, space: Space, at: bigint) {
    this.id = id;
    this.type = seed.type;
    this.mode = seed.mode & 0o7777;
    this.uid = seed.uid;
    this.gid = seed.gid;
    this.target = seed.target ?? "";
    this.#space = space;
    space.take(this.#targetBytes);
    this.device = seed.device ?? { specdata1: 0, specdata2: 0 };
    this.isReadOnly = seed.isReadOnly ?? false;
    this.accessedAt = at;
    this.modifiedAt = at;
    this.changedAt = at;
    this.createdAt = at;
    this.parent = this;
    this.#data = seed.type === NF4REG ? new FileData(space) : null;
    this.#directory = seed.type === NF4DIR ? new Directory() : null;
  }

  get isDirectory(): boolean {
    return this.#directory !== null;
  }

  get isFile(): boolean {
    return this.#data !== null;
  }

  /** Its names; NOTDIR when it has none. */
  get directory(): Directory {
    return this.#directory ?? refuse(NFS4ERR_NOTDIR);
  }

  /** Its contents; ISDIR, SYMLINK or WRONG_TYPE when it is no regular file, STALE when it is gone. RFC 8881 §15.1.2 */
  get data(): FileData {
    if (this.isGone) refuse(NFS4ERR_STALE);
    if (this.#data !== null) return this.#data;
    if (this.isDirectory) refuse(NFS4ERR_ISDIR);
    return refuse(this.type === NF4LNK ? NFS4ERR_SYMLINK : NFS4ERR_WRONG_TYPE);
  }

  get isSymbolicLink(): boolean {
    return this.type === NF4LNK;
  }

  get size(): number {
    return this.#data?.size ?? this.#directory?.size ?? this.#targetBytes;
  }

  get spaceUsed(): number {
    return this.#data?.used ?? this.#targetBytes;
  }

  get #targetBytes(): number {
    return bytesOf(this.target).length;
  }

  /** It is gone, and gives back the memory that it took. */
  release(): void {
    this.isGone = true;
    this.#data?.release();
    this.#space.give(this.#targetBytes);
  }

  /** Its contents, or its names, changed. */
  modified(at: bigint): void {
    this.modifiedAt = at;
    this.metadataChanged(at);
  }

  metadataChanged(at: bigint): void {
    this.changedAt = at;
    this.change++;
  }
}
