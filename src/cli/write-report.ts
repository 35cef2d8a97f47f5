import type { Analysis } from "../analysis/analysis.ts";
import { jsonReport } from "../report/json.ts";
import { NdjsonStream } from "../report/ndjson.ts";
import type { Selection } from "../report/select-findings.ts";
import { textReport } from "../report/text.ts";
import type { Output, Terminal } from "../sys/terminal.ts";
import { type AnalyzeFlags, isColored } from "./options.ts";

/** Characters of a report written at once. */
const PIECE_LENGTH = 65_536;

/**
 * The lines of `--format ndjson`, which are written while the analysis runs; null for the other formats.
 * `stop` is called when nobody reads them any more.
 */
export function streamFor(
  { format, records = false }: AnalyzeFlags,
  selection: Selection,
  stdout: Output,
  stop: () => void,
): NdjsonStream | null {
  if (format !== "ndjson") return null;
  const write = async (bytes: Uint8Array) => {
    if (stdout.isOpen) await stdout.write(bytes);
    if (!stdout.isOpen) stop();
  };
  return new NdjsonStream(write, { selection, records });
}

/** Writes what is told of a finished analysis, in the other formats. */
export async function writeReport(
  analysis: Analysis,
  selection: Selection,
  { format, color }: AnalyzeFlags,
  terminal: Terminal,
): Promise<void> {
  const { stdout } = terminal;
  const options = { width: stdout.columns, isColored: isColored(color, terminal) };
  const pieces = format === "json" ? jsonReport(analysis, selection) : [textReport(analysis, selection, options)];
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PIECE_LENGTH) continue;
    if (!stdout.isOpen) return;
    await stdout.write(waiting);
    waiting = "";
  }
  if (stdout.isOpen) await stdout.write(waiting);
}
