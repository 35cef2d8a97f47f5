import type { CaptureSink } from "../capture/pcapng-writer.ts";
import { createFile } from "../sys/output-file.ts";
import { UsageError } from "./usage-error.ts";

/** A capture file to be written. What was written is in the file whatever happens next. */
export interface CaptureFile extends CaptureSink {
  /** Why the file is not whole; null when it is. */
  close(): string | null;
}

/** Makes or overwrites it. */
export function captureFile(path: string): CaptureFile {
  const file = createFile(path);
  if (typeof file === "string") throw new UsageError(`cannot write ${path}: ${file}`);
  return file;
}
