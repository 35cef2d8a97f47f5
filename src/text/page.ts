import pico from "picocolors";
import { wrap } from "./wrap.ts";

export type Colors = ReturnType<typeof pico.createColors>;

/** Below this, wrapping does more harm than good. */
const WIDTH_MIN = 40;
const LABEL_COLUMNS = 10;

/** Lines of a text report on their way to a terminal of known width. */
export class Page {
  readonly colors: Colors;
  readonly #lines: string[] = [];
  readonly #width: number;

  constructor(width: number, isColored: boolean) {
    this.#width = Math.max(WIDTH_MIN, width);
    this.colors = pico.createColors(isColored);
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  /** A paragraph; `paint` colours each of its lines. */
  paragraph(text: string, indent = 0, paint: (line: string) => string = String): void {
    for (const line of wrap(text, this.#width - indent)) this.#lines.push(" ".repeat(indent) + paint(line));
  }

  /** `label     text`, wrapped with a hanging indent. */
  labelled(label: string, text: string): void {
    const lines = wrap(text, this.#width - 2 - LABEL_COLUMNS);
    for (const [i, line] of lines.entries()) {
      this.#lines.push(`  ${this.colors.dim((i === 0 ? label : "").padEnd(LABEL_COLUMNS))}${line}`);
    }
  }

  /** The same in one piece whatever its width, for pasting elsewhere. */
  pasteable(label: string, text: string): void {
    this.#lines.push(`  ${this.colors.dim(label.padEnd(LABEL_COLUMNS))}${this.colors.cyan(text)}`);
  }

  blank(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
  }

  /** A line as it is. */
  line(text: string): void {
    this.#lines.push(text);
  }
}
