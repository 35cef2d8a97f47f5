import { chunkBytesFor, type OpenedCapture, openCapture, type ReaderName } from "../capture/detect.ts";
import { openSource } from "../sys/files.ts";
import { InputError } from "../sys/input-error.ts";

/** Captures open at once; below the usual limit of 1,024 open files. */
export const CAPTURES_MAX = 1000;

export interface OpenedInputs {
  captures: OpenedCapture[];
  /** Inputs that cannot be read at all. */
  failures: InputError[];
}

export interface OpenInputsOptions {
  reader: ReaderName;
  onWarning: (message: string) => void;
  /** Told of the source of each input before anything is read of it. */
  onSource: (source: { name: string; close(): Promise<void> }) => void;
}

/** Opens every input that can be opened, in the order given. */
export async function openInputs(paths: readonly string[], options: OpenInputsOptions): Promise<OpenedInputs> {
  const inputs: OpenedInputs = { captures: [], failures: [] };
  const chunkBytes = chunkBytesFor(paths.length);
  const { reader, onWarning, onSource } = options;
  for (const path of paths) {
    try {
      const source = await openSource(path);
      onSource(source);
      inputs.captures.push(await openCapture(source, { reader, chunkBytes, onWarning }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      inputs.failures.push(error);
    }
  }
  return inputs;
}
