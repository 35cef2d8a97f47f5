import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, Worker, workerData } from "node:worker_threads";

/** One end of a channel between two threads. Closing one end closes both, after what was sent before. */
export type Port = MessagePort;

/** How many threads can run at once here. */
export function coresAvailable(): number {
  return availableParallelism();
}

/** The two ends of a new channel. */
export function newChannel(): [Port, Port] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2];
}

/** A thread that runs `script`, which finds `data` by `threadData`. */
export class Thread {
  /** Resolves when it has ended, rejects when something went wrong in it. */
  readonly ended: Promise<void>;

  /** The `ports` among the data are the thread's from now on. */
  constructor(script: string, data: unknown, ports: Port[]) {
    const worker = new Worker(script, { workerData: data, transferList: ports, execArgv: [] });
    this.ended = new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.once("exit", () => resolve());
    });
    // Who waits for its end is told; nobody has to.
    this.ended.catch(() => {});
  }
}

/** In a thread: what it was given. */
export function threadData<Data>(): Data {
  return workerData as Data;
}

/** What arrives at a port, one message after the other. */
export class Mailbox<Message> {
  private readonly messages: Message[] = [];
  private isClosed = false;
  private wake: (() => void) | null = null;

  constructor(port: Port) {
    port.on("message", (message: Message) => {
      this.messages.push(message);
      this.notify();
    });
    port.on("close", () => {
      this.isClosed = true;
      this.notify();
    });
  }

  /** The next message; null when there will be none. */
  async receive(): Promise<Message | null> {
    for (;;) {
      const message = this.messages.shift();
      if (message !== undefined) return message;
      if (this.isClosed) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private notify(): void {
    const { wake } = this;
    this.wake = null;
    wake?.();
  }
}
