import { closeSync, openSync, writeSync } from "node:fs";

/** A file that is written from its beginning. */
export interface OutputFile {
  /** Never throws: after an error, or `close`, what comes is let go. */
  write(bytes: Uint8Array): void;
  /** Why the file is not whole; null when it is. */
  close(): string | null;
}

/** Makes or overwrites a file; gives the reason where that fails. */
export function createFile(path: string): OutputFile | string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    return reasonOf(error);
  }
  let isOpen = true;
  let failure: string | null = null;
  return {
    write(bytes) {
      if (!isOpen || failure !== null) return;
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
      } catch (error) {
        failure = reasonOf(error);
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
      return failure;
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
