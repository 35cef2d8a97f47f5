import { closeSync, fstatSync, open, openSync, read, readFileSync, readSync, statSync } from "node:fs";
import { promisify } from "node:util";
import type { ByteSource } from "./byte-source.ts";
import { InputError } from "./input-error.ts";
import { ReadError } from "./read-error.ts";
import { ReadableSource } from "./readable-source.ts";

const NO_FILE = -1;
const openLater = promisify(open);
const readLater = promisify(read);
const nextTurn = promisify(setImmediate);

/** Opens a file for reading; `-` is standard input. */
export async function openSource(path: string): Promise<ByteSource> {
  return path === "-" ? openStandardInput() : openFile(path);
}

function openStandardInput(): ByteSource {
  if (process.stdin.isTTY) {
    throw new InputError("-", "standard input is a terminal; pipe a capture into it or name a file");
  }
  return new ReadableSource("-", process.stdin);
}

async function openFile(path: string): Promise<ByteSource> {
  if (path.includes("\0")) throw new InputError(path, "no such file (the name holds a zero byte)");
  let file = NO_FILE;
  try {
    // A named pipe may be opened by its writer much later, or never: the others have to run meanwhile.
    file = await openLater(path, "r");
    const status = fstatSync(file);
    if (status.isDirectory()) throw new InputError(path, "is a directory; name the capture files in it");
    return new FileSource(path, file, status.isFile() ? status.size : null);
  } catch (error) {
    if (file !== NO_FILE) closeSync(file);
    throw error instanceof InputError ? error : new InputError(path, describe(error));
  }
}

/** Bytes of a regular file; null of anything else, and where it cannot be had. */
export function fileSize(path: string): number | null {
  if (path === "-" || path.includes("\0")) return null;
  try {
    const status = statSync(path);
    return status.isFile() ? status.size : null;
  } catch {
    return null;
  }
}

/** At most `count` bytes from the beginning of a file; none where they cannot be had. */
export function firstBytes(path: string, count: number): Uint8Array {
  let file = NO_FILE;
  try {
    file = openSync(path, "r");
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, readSync(file, bytes, 0, count, 0));
  } catch {
    return new Uint8Array(0);
  } finally {
    if (file !== NO_FILE) closeSync(file);
  }
}

/** A whole text file, null when there is none of that name. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException)?.code === "ENOENT") return null;
    const isFolder = (error as NodeJS.ErrnoException)?.code === "EISDIR";
    throw new InputError(path, isFolder ? "is a directory, not a file" : describe(error));
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file (a part of the path is not a directory)",
  EACCES: "cannot be read: permission denied",
  EPERM: "cannot be read: permission denied",
  EISDIR: "is a directory; name the capture files in it",
  EMFILE: "cannot be opened: too many open files (raise `ulimit -n`, or merge the captures first)",
  ENAMETOOLONG: "no such file (the name is too long)",
  ELOOP: "cannot be opened: too many symbolic links",
};

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException)?.code ?? "";
  return REASONS[code] ?? `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
}

/** A signal, or a line of progress, waits no longer than this takes. */
const TURN_BYTES = 1_048_576;

/**
 * Reads a regular file in the thread that will look at the bytes: what another thread has read lies in the cache of
 * another core, and fetching it from there takes longer than the read.
 */
class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number | null;
  private file: number;
  /** Bytes that may be read before others get their turn. */
  private allowance = TURN_BYTES;

  constructor(name: string, file: number, size: number | null) {
    this.name = name;
    this.file = file;
    this.size = size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    const length = into.length - at;
    try {
      if (this.size === null) return (await readLater(this.file, into, at, length, null)).bytesRead;
      if (this.allowance <= 0) await this.letOthersRun();
      const count = readSync(this.file, into, at, length, null);
      this.allowance -= count;
      return count;
    } catch (error) {
      throw new ReadError(`reading failed: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  async close(): Promise<void> {
    if (this.file !== NO_FILE) closeSync(this.file);
    this.file = NO_FILE;
  }

  private async letOthersRun(): Promise<void> {
    await nextTurn();
    this.allowance = TURN_BYTES;
  }
}
