import type { WriteStream } from "node:tty";

/** Columns assumed where there is no terminal to ask. */
const COLUMNS_DEFAULT = 100;

/** One of the two streams a command writes to. */
export interface Output {
  readonly isTTY: boolean;
  readonly columns: number;
  /** False once the reader went away (`| head`): nothing that follows can be of use. */
  readonly isOpen: boolean;
  /** Resolves when more may be written; bytes may be changed again then. */
  write(text: string | Uint8Array): Promise<void>;
}

/** The world around a command: what it writes to and what the user set and pressed. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Calls back on each Ctrl-C until the returned function is called. */
  onInterrupt(callback: (count: number) => void): () => void;
  /** Calls back on an exception that nothing caught. */
  onCrash(callback: (error: unknown) => void): void;
  /** Ends the program at once. */
  exit(status: number): void;
}

/** The terminal of this process. */
export function systemTerminal(): Terminal {
  return {
    stdout: new StreamOutput(process.stdout),
    stderr: new StreamOutput(process.stderr),
    environment: process.env,
    onInterrupt,
    onCrash: (callback) => {
      process.on("uncaughtException", callback);
    },
    exit: (status) => process.exit(status),
  };
}

function onInterrupt(callback: (count: number) => void): () => void {
  let count = 0;
  const listener = () => callback(++count);
  process.on("SIGINT", listener);
  return () => process.off("SIGINT", listener);
}

class StreamOutput implements Output {
  private readonly stream: WriteStream;
  private isBroken = false;

  constructor(stream: WriteStream) {
    this.stream = stream;
    // EPIPE: the reader has seen enough. Without a listener it would end the program with a stack trace.
    stream.on("error", () => {
      this.isBroken = true;
    });
  }

  get isTTY(): boolean {
    return this.stream.isTTY === true;
  }

  get columns(): number {
    return this.isTTY && this.stream.columns > 0 ? this.stream.columns : COLUMNS_DEFAULT;
  }

  get isOpen(): boolean {
    return !this.isBroken && this.stream.writable;
  }

  async write(text: string | Uint8Array): Promise<void> {
    if (!this.isOpen) return;
    // Pipes fill up: waits for the reader. What it never took counts as written once it has gone.
    await new Promise<void>((resolve) => {
      this.stream.write(text, () => resolve());
    });
  }
}
