import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";
import { join } from "node:path";
import { InputError } from "./input-error.ts";

/** What every object of a directory has. Times are nanoseconds since 1970. */
interface ObjectFacts {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly accessedAt: bigint;
  readonly modifiedAt: bigint;
}

/** A regular file; null where its contents cannot be had. */
export interface HostFile extends ObjectFacts {
  readonly kind: "file";
  readonly size: number;
  readonly read: () => Uint8Array | null;
}

/** A directory; null where its names cannot be had. */
export interface HostDirectory extends ObjectFacts {
  readonly kind: "directory";
  readonly list: () => HostListing | null;
}

/** A symbolic link. */
export interface HostLink extends ObjectFacts {
  readonly kind: "link";
  readonly target: string;
}

/** An object of a directory of this machine. */
export type HostObject = HostFile | HostDirectory | HostLink;

/** The objects of a directory. */
export interface HostListing {
  readonly objects: readonly HostObject[];
  /** Names that are not UTF-8, sockets, devices and what cannot be looked at. */
  readonly leftOut: number;
}

const READ_MAX = 0x7fff_ffff;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A directory of this machine, to be looked at and never changed. Symbolic links in it are told and not followed. */
export function openDirectory(path: string): HostDirectory {
  const real = attempt(() => realpathSync(path));
  const object = real === null ? null : objectAt(real, "");
  if (object?.kind !== "directory") throw new InputError(path, "is no directory that can be read");
  return object;
}

function directoryAt(path: string, name: string, status: BigIntStats): HostDirectory {
  return { ...factsOf(name, status), kind: "directory", list: () => attempt(() => listingOf(path, status)) };
}

function listingOf(path: string, before: BigIntStats): HostListing | null {
  const names = readdirSync(path, { encoding: "buffer" }).map((bytes) => attempt(() => utf8.decode(bytes)));
  // Only now it is certain that no link had taken its place.
  if (!isSame(lstatSync(path, { bigint: true }), before)) return null;
  const objects = names.map((name) => (name === null ? null : objectAt(join(path, name), name)));
  const shown = objects.filter((object) => object !== null);
  return { objects: shown, leftOut: objects.length - shown.length };
}

function objectAt(path: string, name: string): HostObject | null {
  return attempt(() => {
    const status = lstatSync(path, { bigint: true });
    if (status.isDirectory()) return directoryAt(path, name, status);
    if (status.isFile()) {
      return { ...factsOf(name, status), kind: "file", size: Number(status.size), read: () => readWhole(path, status) };
    }
    if (status.isSymbolicLink()) return { ...factsOf(name, status), kind: "link", target: readlinkSync(path) };
    return null;
  });
}

function factsOf(name: string, { mode, uid, gid, atimeNs, mtimeNs }: BigIntStats): ObjectFacts {
  return {
    name,
    mode: Number(mode) & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    accessedAt: atimeNs,
    modifiedAt: mtimeNs,
  };
}

/** The contents of the very file that was looked at: what took its place meanwhile, a link out of here say, is another one. */
function readWhole(path: string, before: BigIntStats): Uint8Array | null {
  return attempt(() => {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return isSame(fstatSync(file, { bigint: true }), before) ? readAtMost(file, Number(before.size)) : null;
    } finally {
      closeSync(file);
    }
  });
}

/** A file that grows meanwhile is read as long as it was, one that shrinks as far as it goes. */
function readAtMost(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const count = readSync(file, bytes, done, Math.min(size - done, READ_MAX), done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

function isSame(left: BigIntStats, right: BigIntStats): boolean {
  return left.dev === right.dev && left.ino === right.ino;
}

/** Null where the system refuses, or the bytes are not UTF-8: both have a code. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === "string") return null;
    throw error;
  }
}
