import { compressionOf } from "../capture/compression.ts";
import { type OpenedCapture, openCapture, type ReaderName } from "../capture/detect.ts";
import { fileSize, firstBytes, openSource } from "../sys/files.ts";
import { InputError } from "../sys/input-error.ts";
import type { DistantCapture } from "./reading-threads.ts";

/** Captures open at once; below the usual limit of 1,024 open files. */
export const CAPTURES_MAX = 1000;

/** Unless the user asks for more: analysis does not keep up with more threads than these. */
const JOBS_DEFAULT_MAX = 4;
/** A thread takes some 40 ms to start and to end: in that time this much is unpacked. */
const PACKED_BYTES_MIN = 1_048_576;
const MAGIC_BYTES = 4;

export interface OpenedInputs {
  captures: OpenedCapture[];
  /** Inputs that cannot be read at all. */
  failures: InputError[];
}

export interface OpenInputsOptions {
  reader: ReaderName;
  /** Threads to use, this one included; null: what pays. */
  jobs: number | null;
  /** What a reading thread runs; null where there is nothing of the kind: then all is read in this one. */
  threadScript: string | null;
  onWarning: (message: string) => void;
  /** Told of the source of each input that is read in this thread before anything is read of it. */
  onSource: (source: { name: string; close(): Promise<void> }) => void;
}

/** Opens every input that can be opened, in the order given. */
export async function openInputs(paths: readonly string[], options: OpenInputsOptions): Promise<OpenedInputs> {
  const inputs: OpenedInputs = { captures: [], failures: [] };
  const { reader, onWarning, onSource } = options;
  const distant = await startThreads(paths, options);
  const open = async (path: string) => {
    const source = await openSource(path);
    onSource(source);
    return openCapture(source, { reader, onWarning });
  };
  for (const [at, path] of paths.entries()) {
    try {
      inputs.captures.push(await (distant.get(at)?.open(onWarning) ?? open(path)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      inputs.failures.push(error);
    }
  }
  return inputs;
}

/** Has the inputs for which that pays read by other threads; by their place in `paths`. */
async function startThreads(
  paths: readonly string[],
  { reader, jobs, threadScript }: OpenInputsOptions,
): Promise<Map<number, DistantCapture>> {
  if (threadScript === null || jobs === 1 || reader !== "own") return new Map();
  const chosen: number[] = [];
  for (const [at, path] of paths.entries()) if (isForThread(path, jobs !== null)) chosen.push(at);
  if (chosen.length === 0) return new Map();
  // Loaded where there is use for them only: a short capture is read in less time.
  const [{ coresAvailable }, { readInThreads }] = await Promise.all([
    import("../sys/threads.ts"),
    import("./reading-threads.ts"),
  ]);
  const threads = (jobs ?? Math.min(coresAvailable(), JOBS_DEFAULT_MAX)) - 1;
  if (threads === 0) return new Map();
  const captures = readInThreads(
    threadScript,
    chosen.map((at) => paths[at]),
    threads,
  );
  return new Map(captures.map((capture, nth) => [chosen[nth], capture]));
}

/** Pipes stay here: Ctrl-C has to end a wait for them. A small capture is not even opened for this question. */
function isForThread(path: string, isWanted: boolean): boolean {
  const size = fileSize(path);
  if (size === null || isWanted) return size !== null;
  return size >= PACKED_BYTES_MIN && compressionOf(firstBytes(path, MAGIC_BYTES)) !== null;
}
