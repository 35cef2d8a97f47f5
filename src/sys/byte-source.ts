/** A sequence of bytes read once, front to back: a file, a pipe or something unpacked from one of them. */
export interface ByteSource {
  /** What to call it in messages: the path as the user gave it, `-` for standard input. */
  readonly name: string;
  /** Total length in bytes, null when unknown (pipes, compressed input). */
  readonly size: number | null;
  /** Fills `into` from `at` as far as possible; resolves to the number of bytes read, 0 only at the end. */
  read(into: Uint8Array, at: number): Promise<number>;
  close(): Promise<void>;
}
