import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { ByteSource } from "./byte-source.ts";
import { InputError } from "./input-error.ts";
import { ReadError } from "./read-error.ts";
import { ReadableSource } from "./readable-source.ts";

const FEED_BYTES = 65_536;
/** Of what the program writes to its standard error, this much is kept for the message. */
const COMPLAINT_BYTES_MAX = 1024;

/**
 * Starts `command` and pipes `input` through it: the result is what it writes. Both ends are held back
 * by the operating system's pipes, so no more than a few buffers are ever in memory.
 * `missing` is what the user is told when the program is not there.
 */
export async function throughProgram(
  input: ByteSource,
  command: string,
  args: readonly string[],
  missing: string,
): Promise<ByteSource> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  try {
    await once(child, "spawn");
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(input.name, absent ? missing : `cannot start ${command}: ${why}`);
  }
  return new ProgramSource(input, child, command);
}

class ProgramSource implements ByteSource {
  readonly name: string;
  readonly size = null;
  private readonly input: ByteSource;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly command: string;
  private readonly output: ReadableSource;
  private readonly fed: Promise<void>;
  private readonly exited: Promise<void>;
  private inputFailure: unknown = null;
  private complaint = "";
  private isClosing = false;

  constructor(input: ByteSource, child: ChildProcessWithoutNullStreams, command: string) {
    this.name = input.name;
    this.input = input;
    this.child = child;
    this.command = command;
    this.output = new ReadableSource(input.name, child.stdout);
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => this.keepComplaint(text));
    // The program may end before it has read everything; its exit status says why.
    child.stdin.on("error", () => {});
    child.on("error", () => {});
    this.exited = new Promise((resolve) => child.once("close", () => resolve()));
    this.fed = this.feed();
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    const count = await this.output.read(into, at);
    if (count > 0 || at >= into.length) return count;
    await this.exited;
    if (this.inputFailure !== null) throw this.inputFailure;
    if (this.child.exitCode !== 0 && !this.isClosing) throw new ReadError(this.describeExit());
    return 0;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.child.stdin.destroy();
    this.child.kill("SIGKILL");
    await this.output.close();
    await this.exited;
    // Closed before waiting for the feeder: it may hang in a read that only this ends.
    await this.input.close();
    await this.fed;
  }

  private async feed(): Promise<void> {
    const { stdin } = this.child;
    try {
      for (;;) {
        const piece = new Uint8Array(FEED_BYTES);
        const count = await this.input.read(piece, 0);
        if (count === 0 || stdin.destroyed) break;
        if (!stdin.write(piece.subarray(0, count))) await this.drained();
      }
    } catch (error) {
      this.inputFailure = error;
    }
    stdin.end();
  }

  /** Waits until the program took what it was given, or went away. */
  private drained(): Promise<void> {
    const { stdin } = this.child;
    return new Promise((resolve) => {
      if (stdin.destroyed) return resolve();
      const done = () => {
        stdin.off("drain", done);
        stdin.off("close", done);
        resolve();
      };
      stdin.on("drain", done);
      stdin.on("close", done);
    });
  }

  private keepComplaint(text: string): void {
    if (this.complaint.length < COMPLAINT_BYTES_MAX) {
      this.complaint += text.slice(0, COMPLAINT_BYTES_MAX - this.complaint.length);
    }
  }

  private describeExit(): string {
    const how = this.child.exitCode === null ? `signal ${this.child.signalCode}` : `status ${this.child.exitCode}`;
    const said = this.complaint.trim();
    return `${this.command} ended with ${how}${said === "" ? "" : `: ${said}`}`;
  }
}
