import { closeSync, openSync, writeSync } from "node:fs";

/** A file that is written from its beginning. What comes after `close` is let go. */
export interface OutputFile {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Makes or overwrites a file; gives the reason where that fails. */
export function createFile(path: string): OutputFile | string {
  let descriptor: number;
  try {
    descriptor = openSync(path, "w");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  let isOpen = true;
  return {
    write(bytes) {
      if (!isOpen) return;
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
    },
  };
}
