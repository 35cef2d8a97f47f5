import type { Port } from "../sys/threads.ts";
import type { ReaderState, Returned } from "./batch-messages.ts";
import type { OpenedCapture } from "./detect.ts";
import { BatchMemory } from "./frame-batch.ts";

/** Pieces of memory for the batches of a capture: one is filled while two wait to be copied by the receiver. */
export const BATCHES_MAX = 3;

/** Sends the frames of a capture to another thread, no faster than it takes them. */
export class BatchSender {
  private readonly capture: OpenedCapture;
  private readonly port: Port;
  private readonly batchBytes: number;
  private readonly memories: BatchMemory[] = [];
  private readonly free: Returned[] = [];
  /** Many captures may be open whose turn is yet to come: until a second batch was asked for, there is but one piece. */
  private batchesMax = 1;
  private returned = 0;
  private isStopped = false;
  private wake: (() => void) | null = null;

  constructor(capture: OpenedCapture, port: Port, batchBytes: number) {
    this.capture = capture;
    this.port = port;
    this.batchBytes = batchBytes;
    port.on("message", (slot: Returned) => {
      if (++this.returned > 1) this.batchesMax = BATCHES_MAX;
      this.free.push(slot);
      this.notify();
    });
    port.on("close", () => {
      this.isStopped = true;
      this.notify();
    });
  }

  /** Sends all of them; ends early when the other side closes the port. */
  async run(): Promise<void> {
    const { reader } = this.capture;
    let hasMore = true;
    while (hasMore) {
      const memory = await this.nextMemory();
      if (memory === null) return;
      do hasMore = memory.take(reader) || (await reader.fill());
      while (hasMore && !memory.isFull && !this.isOtherSideIdle(memory));
      if (!memory.isEmpty) this.port.postMessage({ kind: "frames", batch: memory.batch(), state: this.state() });
    }
    this.port.postMessage({ kind: "end", state: this.state() });
  }

  /** What the reader knows now. */
  state(): ReaderState {
    const { reader, input } = this.capture;
    const { linkTypes, damage, damageOmitted, interfaceDrops, bytesRead } = reader;
    return { linkTypes, damage, damageOmitted, interfaceDrops, bytesRead, inputBytesRead: input.bytesRead };
  }

  /** Nothing is on its way: rather few frames now than many later. */
  private isOtherSideIdle(memory: BatchMemory): boolean {
    return !memory.isEmpty && this.free.length === this.memories.length - 1;
  }

  /** Memory for the next batch; null when there is to be none. */
  private async nextMemory(): Promise<BatchMemory | null> {
    while (!this.isStopped) {
      const slot = this.free.pop();
      if (slot !== undefined) {
        this.memories[slot].clear();
        return this.memories[slot];
      }
      if (this.memories.length < this.batchesMax) {
        const memory = new BatchMemory(this.memories.length, this.batchBytes);
        this.memories.push(memory);
        return memory;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return null;
  }

  private notify(): void {
    const { wake } = this;
    this.wake = null;
    wake?.();
  }
}
