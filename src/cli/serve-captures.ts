import type { News } from "../capture/batch-messages.ts";
import { BatchSender } from "../capture/batch-sender.ts";
import { openCapture } from "../capture/detect.ts";
import { openSource } from "../sys/files.ts";
import { InputError } from "../sys/input-error.ts";
import type { Port } from "../sys/threads.ts";

/** A capture to be read by another thread, which tells of it at `port`. */
export interface CaptureRequest {
  readonly path: string;
  /** How much travels together. */
  readonly batchBytes: number;
  readonly port: Port;
}

/** In a reading thread: opens captures and sends their frames, each until its end or until its port is closed. */
export function serveCaptures(requests: readonly CaptureRequest[]): void {
  // What goes wrong in one ends the thread, and so is told.
  for (const request of requests) void serve(request);
}

async function serve({ path, batchBytes, port }: CaptureRequest): Promise<void> {
  const tell = (news: News) => port.postMessage(news);
  try {
    const onWarning = (message: string) => tell({ kind: "warning", message });
    const capture = await openCapture(await openSource(path), { onWarning });
    try {
      const { name, reader, compressions, input } = capture;
      const sender = new BatchSender(capture, port, batchBytes);
      tell({ kind: "opened", name, format: reader.format, compressions, size: input.size, state: sender.state() });
      await sender.run();
    } finally {
      await capture.close();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { input, problem, offset } = error;
    tell({ kind: "refused", input, problem, offset });
  }
  port.close();
}
