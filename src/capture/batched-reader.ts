import type { News, ReaderState } from "./batch-messages.ts";
import type { Damage, Frame, FrameReader, InterfaceDrops } from "./frame.ts";
import { ReceivedBatch } from "./frame-batch.ts";

/** The news of one capture, in order. */
export interface NewsSource {
  receive(): Promise<News>;
  /** Gives a batch's memory back. */
  giveBack(slot: number): void;
}

/** Gives out frames that another thread reads. What it knows of the capture is what was known after the batch at hand. */
export class BatchedReader implements FrameReader {
  readonly format: FrameReader["format"];
  private readonly source: NewsSource;
  private state: ReaderState;
  private readonly batch = new ReceivedBatch();
  private isEnded = false;

  constructor(format: FrameReader["format"], state: ReaderState, source: NewsSource) {
    this.format = format;
    this.state = state;
    this.source = source;
  }

  get linkTypes(): readonly number[] {
    return this.state.linkTypes;
  }

  get damage(): readonly Damage[] {
    return this.state.damage;
  }

  get damageOmitted(): number {
    return this.state.damageOmitted;
  }

  get interfaceDrops(): readonly InterfaceDrops[] {
    return this.state.interfaceDrops;
  }

  get bytesRead(): number {
    return this.state.bytesRead;
  }

  /** Of the file as it lies there. */
  get inputBytesRead(): number {
    return this.state.inputBytesRead;
  }

  next(frame: Frame): boolean {
    return this.batch.next(frame);
  }

  async fill(): Promise<boolean> {
    if (this.isEnded) return false;
    const news = await this.source.receive();
    if (news.kind === "frames") {
      this.batch.copy(news.batch);
      this.source.giveBack(news.batch.slot);
    } else if (news.kind === "end") {
      this.isEnded = true;
    } else {
      throw new Error(`news of the kind ${news.kind} where frames should come`);
    }
    this.state = news.state;
    return !this.isEnded;
  }
}
