import { readSync } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import type { ByteSource } from "./byte-source.ts";
import { InputError } from "./input-error.ts";
import { ReadError } from "./read-error.ts";
import { ReadableSource } from "./readable-source.ts";

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
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (status.isDirectory()) throw new InputError(path, "is a directory; name the capture files in it");
    return new FileSource(path, handle, status.isFile() ? status.size : null);
  } catch (error) {
    await handle?.close();
    throw error instanceof InputError ? error : new InputError(path, describe(error));
  }
}

/** Bytes of a regular file; null of anything else, and where it cannot be had. */
export async function fileSize(path: string): Promise<number | null> {
  if (path === "-" || path.includes("\0")) return null;
  const status = await stat(path).catch(() => null);
  return status?.isFile() ? status.size : null;
}

/** At most `count` bytes from the beginning of a file; none where they cannot be had. */
export async function firstBytes(path: string, count: number): Promise<Uint8Array> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(new Uint8Array(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return new Uint8Array(0);
  } finally {
    await handle?.close();
  }
}

/** A whole text file, null when there is none of that name. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
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

const nextTurn = promisify(setImmediate);

/** A signal, or a line of progress, waits no longer than this takes. */
const TURN_BYTES = 1_048_576;

/**
 * Reads a regular file in the thread that will look at the bytes: what another thread has read lies in the cache of
 * another core, and fetching it from there takes longer than the read.
 */
class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number | null;
  private readonly handle: FileHandle;
  /** Bytes that may be read before others get their turn. */
  private allowance = TURN_BYTES;

  constructor(name: string, handle: FileHandle, size: number | null) {
    this.name = name;
    this.handle = handle;
    this.size = size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    const length = into.length - at;
    try {
      if (this.size === null) return (await this.handle.read(into, at, length, null)).bytesRead;
      if (this.allowance <= 0) await this.letOthersRun();
      const count = readSync(this.handle.fd, into, at, length, null);
      this.allowance -= count;
      return count;
    } catch (error) {
      throw new ReadError(`reading failed: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async letOthersRun(): Promise<void> {
    await nextTurn();
    this.allowance = TURN_BYTES;
  }
}
