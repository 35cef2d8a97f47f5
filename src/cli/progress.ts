import type { Output } from "../sys/terminal.ts";

/** Ten drawings a second are smooth; more only cost time. */
const DRAW_INTERVAL_MILLIS = 100;
const BAR_COLUMNS = 24;
const CLEAR_LINE = "\r\u001b[K";

/** A progress bar on standard error; silent when that is no terminal. */
export class Progress {
  private readonly output: Output;
  private readonly now: () => number;
  /** Nothing is drawn at first: short runs need no bar. */
  private drawnAt: number;
  private isShown = false;

  constructor(output: Output, now: () => number) {
    this.output = output;
    this.now = now;
    this.drawnAt = now();
  }

  update(bytesRead: number, bytesTotal: number | null): void {
    if (!this.output.isTTY) return;
    const at = this.now();
    if (at - this.drawnAt < DRAW_INTERVAL_MILLIS) return;
    this.drawnAt = at;
    this.isShown = true;
    void this.output.write(CLEAR_LINE + progressText(bytesRead, bytesTotal));
  }

  /** Leaves the line as it was before. */
  end(): void {
    if (this.isShown) void this.output.write(CLEAR_LINE);
    this.isShown = false;
  }
}

function progressText(bytesRead: number, bytesTotal: number | null): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  if (bytesTotal === null || bytesTotal === 0) return `${megabytes(bytesRead)} MB read`;
  const share = Math.min(1, bytesRead / bytesTotal);
  const bar = "#".repeat(Math.round(share * BAR_COLUMNS)).padEnd(BAR_COLUMNS, ".");
  return `[${bar}] ${Math.floor(share * 100)} % of ${megabytes(bytesTotal)} MB`;
}
