import type { News, OpenedNews } from "../capture/batch-messages.ts";
import { BatchedReader } from "../capture/batched-reader.ts";
import type { OpenedCapture } from "../capture/detect.ts";
import { InputError } from "../sys/input-error.ts";
import { Mailbox, newChannel, type Port, Thread } from "../sys/threads.ts";
import type { CaptureRequest } from "./serve-captures.ts";

/** A capture that is on its way from a reading thread. */
export interface DistantCapture {
  /** Waits for the thread's word: opened, or an InputError. */
  open(onWarning: (message: string) => void): Promise<OpenedCapture>;
}

/** Frames that travel together, in bytes. */
const BATCH_BYTES = 1_048_576;
/** The same for all captures that are read at once: of many, less travels together. */
const BATCHES_BYTES_MAX = 33_554_432;
const BATCH_BYTES_MIN = 65_536;

/** Keeps `captures` captures, read at once, within bounds. */
export function batchBytesFor(captures: number): number {
  return Math.min(BATCH_BYTES, Math.max(BATCH_BYTES_MIN, Math.floor(BATCHES_BYTES_MAX / captures)));
}

/** Starts at most `threads` threads that read these captures; each reads its share of them at the same time. */
export function readInThreads(script: string, paths: readonly string[], threads: number): DistantCapture[] {
  const channels = paths.map(() => newChannel());
  const requests = paths.map(
    (path, at): CaptureRequest => ({ path, batchBytes: batchBytesFor(paths.length), port: channels[at][1] }),
  );
  const count = Math.min(threads, paths.length);
  const started = Array.from({ length: count }, (_, nth) => {
    const share = requests.filter((_, at) => at % count === nth);
    return new Thread(
      script,
      share,
      share.map(({ port }) => port),
    );
  });
  return paths.map((path, at) => new ThreadCapture(path, channels[at][0], started[at % count].ended));
}

class ThreadCapture implements DistantCapture {
  private readonly path: string;
  private readonly port: Port;
  private readonly threadEnded: Promise<void>;
  private readonly mailbox: Mailbox<News>;

  constructor(path: string, port: Port, threadEnded: Promise<void>) {
    this.path = path;
    this.port = port;
    this.threadEnded = threadEnded;
    this.mailbox = new Mailbox(port);
  }

  async open(onWarning: (message: string) => void): Promise<OpenedCapture> {
    for (;;) {
      const news = await this.receive();
      if (news.kind === "warning") onWarning(news.message);
      else if (news.kind === "refused") throw new InputError(news.input, news.problem, news.offset);
      else if (news.kind === "opened") return this.opened(news);
      else throw new Error(`news of the kind ${news.kind} from a capture that is not open`);
    }
  }

  private opened({ name, format, compressions, size, state }: OpenedNews): OpenedCapture {
    const reader = new BatchedReader(format, state, {
      receive: () => this.receive(),
      giveBack: (slot) => this.port.postMessage(slot),
    });
    const input = {
      size,
      get bytesRead() {
        return reader.inputBytesRead;
      },
    };
    const compression = compressions[0] ?? null;
    return { name, reader, compression, compressions, input, close: () => this.close() };
  }

  private async receive(): Promise<News> {
    const news = await this.mailbox.receive();
    if (news !== null) return news;
    // It says itself what went wrong in it, if anything did.
    await this.threadEnded;
    throw new Error(`the thread that reads ${this.path} ended before its time`);
  }

  private close(): Promise<void> {
    this.port.close();
    return Promise.resolve();
  }
}
