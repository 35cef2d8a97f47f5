import type { Output, Terminal } from "../../src/sys/terminal.ts";

class FakeOutput implements Output {
  text = "";
  isTTY = false;
  columns = 100;
  /** Bytes taken before the reader goes away. */
  room = Number.POSITIVE_INFINITY;

  get isOpen(): boolean {
    return this.room > 0;
  }

  async write(text: string): Promise<void> {
    if (!this.isOpen) throw new Error("written to a closed output");
    this.text += text;
    this.room -= text.length;
  }
}

/** A terminal that keeps what is written and whose keys a test presses. */
export class FakeTerminal implements Terminal {
  readonly stdout = new FakeOutput();
  readonly stderr = new FakeOutput();
  environment: Record<string, string | undefined> = {};
  exited: number | null = null;
  #interrupt: ((count: number) => void) | null = null;

  onInterrupt(callback: (count: number) => void): () => void {
    this.#interrupt = callback;
    return () => {
      this.#interrupt = null;
    };
  }

  /** Ctrl-C for the `count`th time. */
  interrupt(count: number): void {
    this.#interrupt?.(count);
  }

  get isListening(): boolean {
    return this.#interrupt !== null;
  }

  onCrash(): void {}

  exit(status: number): void {
    this.exited ??= status;
  }
}
