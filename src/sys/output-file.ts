import { closeSync, openSync, writeSync } from "node:fs";

/** Small writes are gathered up to this many bytes. */
const GATHERED_BYTES_MAX = 262_144;

/** A file written from front to back. An error later than at its opening does not disturb the writer: `close` tells of it. */
export class OutputFile {
  readonly #file: number;
  readonly #gathered = new Uint8Array(GATHERED_BYTES_MAX);
  #used = 0;
  #failure: string | null = null;

  /** Creates the file, or empties it. Throws the operating system's error. */
  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  write(bytes: Uint8Array): void {
    if (this.#used + bytes.length > GATHERED_BYTES_MAX) this.flush();
    if (bytes.length > GATHERED_BYTES_MAX) {
      this.#writeOut(bytes);
    } else {
      this.#gathered.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  /** Everything written so far is in the file then. */
  flush(): void {
    this.#writeOut(this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  /** Why the file is not whole, null when it is. */
  close(): string | null {
    this.flush();
    closeSync(this.#file);
    return this.#failure;
  }

  #writeOut(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length && this.#failure === null; ) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      this.#failure = (error as Error).message;
    }
  }
}
