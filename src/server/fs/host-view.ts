import type { HostDirectory, HostObject } from "../../sys/directory.ts";
import type { FileSystem } from "./file-system.ts";
import { type Inode, type InodeSeed, NF4DIR, NF4LNK, NF4REG } from "./inode.ts";

/** What came of showing a directory. */
export interface HostView {
  readonly shown: number;
  /** Objects that could not be read, or are of no kind that can be shown. */
  readonly leftOut: number;
}

const TYPES = { file: NF4REG, directory: NF4DIR, link: NF4LNK } as const;

/**
 * Shows a directory of this machine under a name in the root: a copy of what it is now, which nobody can change. NOSPC
 * when it takes more memory than files may.
 */
export function showDirectory(fileSystem: FileSystem, name: string, directory: HostDirectory): HostView {
  let [shown, leftOut] = [0, 0];
  const waiting = [{ host: directory, inode: add(fileSystem, fileSystem.root, name, directory) }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { host, inode } = next;
    const listing = host.list();
    leftOut += listing?.leftOut ?? 1;
    for (const object of listing?.objects ?? []) {
      const copy = copyInto(fileSystem, inode, object);
      if (copy === null) leftOut++;
      else shown++;
      if (copy !== null && object.kind === "directory") waiting.push({ host: object, inode: copy });
    }
    // Its names have changed it until now.
    setTimes(inode, host);
  }
  return { shown, leftOut };
}

/** Null when it cannot be read. */
function copyInto(fileSystem: FileSystem, directory: Inode, object: HostObject): Inode | null {
  if (object.kind !== "file") return add(fileSystem, directory, object.name, object);
  // What does not fit is not even read.
  fileSystem.space.require(object.size);
  const bytes = object.read();
  if (bytes === null) return null;
  const inode = add(fileSystem, directory, object.name, object);
  inode.data.write(0, bytes);
  return inode;
}

function add(fileSystem: FileSystem, directory: Inode, name: string, object: HostObject): Inode {
  const { inode } = fileSystem.create(directory, name, seedOf(object));
  setTimes(inode, object);
  return inode;
}

function seedOf(object: HostObject): InodeSeed {
  const { kind, mode, uid, gid } = object;
  const seed = { type: TYPES[kind], mode, uid, gid, isReadOnly: true };
  return kind === "link" ? { ...seed, target: object.target } : seed;
}

function setTimes(inode: Inode, { accessedAt, modifiedAt }: HostObject): void {
  inode.accessedAt = accessedAt;
  inode.modifiedAt = modifiedAt;
}
