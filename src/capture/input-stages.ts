import type { ByteSource } from "../sys/byte-source.ts";
import type { ReadError } from "../sys/read-error.ts";

/** Counts what is read from a source: progress is measured in bytes of the file as it lies on disk. */
export class CountedSource implements ByteSource {
  readonly name: string;
  readonly size: number | null;
  bytesRead = 0;
  private readonly source: ByteSource;

  constructor(source: ByteSource) {
    this.source = source;
    this.name = source.name;
    this.size = source.size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    const count = await this.source.read(into, at);
    this.bytesRead += count;
    return count;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** A source whose first bytes were looked at already: gives them again, then the rest. */
export class PrefixedSource implements ByteSource {
  readonly name: string;
  readonly size: number | null;
  private readonly source: ByteSource;
  private head: Uint8Array;

  constructor(head: Uint8Array, source: ByteSource) {
    this.head = head;
    this.source = source;
    this.name = source.name;
    this.size = source.size;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (this.head.length === 0) return this.source.read(into, at);
    const count = Math.min(this.head.length, into.length - at);
    into.set(this.head.subarray(0, count), at);
    this.head = this.head.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** Ends with the error that its source gave before. */
export class BrokenSource implements ByteSource {
  readonly name: string;
  readonly size = null;
  private readonly source: ByteSource;
  private readonly error: ReadError;

  constructor(source: ByteSource, error: ReadError) {
    this.name = source.name;
    this.source = source;
    this.error = error;
  }

  async read(): Promise<number> {
    throw this.error;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}
