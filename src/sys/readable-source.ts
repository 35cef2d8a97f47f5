import type { Readable } from "node:stream";
import type { ByteSource } from "./byte-source.ts";
import { ReadError } from "./read-error.ts";

/** A Node stream (standard input, a child's output) as a ByteSource; the stream pauses while nobody reads. */
export class ReadableSource implements ByteSource {
  readonly name: string;
  readonly size = null;
  private readonly stream: Readable;
  private rest: Uint8Array | null = null;
  private ended = false;
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  constructor(name: string, stream: Readable) {
    this.name = name;
    this.stream = stream;
    stream.on("readable", () => this.notify());
    stream.on("end", () => this.finish(null));
    stream.on("close", () => this.finish(null));
    stream.on("error", (error) => this.finish(error));
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at >= into.length) return 0;
    for (;;) {
      this.rest ??= this.stream.read() as Uint8Array | null;
      if (this.rest !== null) return this.take(into, at);
      if (this.failure !== null) throw new ReadError(`reading failed: ${this.failure.message}`, this.failure);
      if (this.ended) return 0;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.stream.destroy();
    this.finish(null);
  }

  private take(into: Uint8Array, at: number): number {
    const rest = this.rest as Uint8Array;
    const count = Math.min(rest.length, into.length - at);
    into.set(count === rest.length ? rest : rest.subarray(0, count), at);
    this.rest = count === rest.length ? null : rest.subarray(count);
    return count;
  }

  private finish(error: Error | null): void {
    this.failure ??= error;
    this.ended = true;
    this.notify();
  }

  private notify(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}
