import type { Transform } from "node:stream";

/**
 * Feeds a Node transform piece by piece and collects what comes out. Nothing is piped: a piece is
 * written, its output taken, only then the next written; so memory is bounded by what one piece can
 * unpack to, and an error never throws away output that came before it.
 */
export class TransformFeed {
  private readonly transform: Transform;
  private output: Uint8Array[] = [];
  private isEnded = false;
  private failure: Error | null = null;
  private onFailure: ((error: Error) => void) | null = null;
  private onEnd: (() => void) | null = null;

  constructor(transform: Transform) {
    this.transform = transform;
    transform.on("data", (piece: Uint8Array) => this.output.push(piece));
    transform.on("end", () => {
      this.isEnded = true;
      this.onEnd?.();
    });
    transform.on("error", (error) => {
      this.failure ??= error;
      this.onFailure?.(error);
    });
  }

  write(piece: Uint8Array): Promise<void> {
    return this.orFailure((resolve, reject) => {
      this.transform.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): Promise<void> {
    return this.orFailure((resolve) => {
      if (this.isEnded) resolve();
      this.onEnd = resolve;
      this.transform.end();
    });
  }

  /** What came out since it was asked last. */
  take(): Uint8Array[] {
    const output = this.output;
    this.output = [];
    return output;
  }

  close(): void {
    this.transform.destroy();
  }

  private orFailure(start: (resolve: () => void, reject: (error: Error) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure);
      this.onFailure = reject;
      start(resolve, reject);
    });
  }
}
