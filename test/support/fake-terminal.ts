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

  /** Called behind each write. */
  onWrite: (() => void) | null = null;

  async write(text: string | Uint8Array): Promise<void> {
    if (!this.isOpen) throw new Error("written to a closed output");
    this.text += typeof text === "string" ? text : new TextDecoder().decode(text);
    this.room -= text.length;
    this.onWrite?.();
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
