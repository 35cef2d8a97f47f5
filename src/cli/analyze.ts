import type { Analysis } from "../analysis/analysis.ts";
import { analyze } from "../analysis/analyze.ts";
import { escapeText } from "../report/escape.ts";
import { jsonReport } from "../report/json.ts";
import { ndjsonReport } from "../report/ndjson.ts";
import { isAtLeast, type Selection, selectFindings } from "../report/select-findings.ts";
import { textReport } from "../report/text.ts";
import { withSettings } from "../rules/settings.ts";
import { monotonicMillis } from "../sys/clock.ts";
import type { Terminal } from "../sys/terminal.ts";
import { allRules, loadCatalogue } from "./catalogue.ts";
import { chooseRules } from "./choose-rules.ts";
import { readConfig } from "./config.ts";
import { EXIT } from "./exit-status.ts";
import { CAPTURES_MAX, openInputs } from "./open-captures.ts";
import { type AnalyzeFlags, isColored } from "./options.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage-error.ts";

/** `slotshark analyze CAPTURE...` */
export async function analyzeCommand(
  named: readonly string[],
  options: AnalyzeFlags,
  terminal: Terminal,
  threadScript: string | null,
): Promise<number> {
  const paths = [...named, ...(options.read ?? [])];
  checkPaths(paths);
  const { analysis, selection, hasFailures } = await readAll(paths, options, terminal, threadScript);
  if (analysis === null) return EXIT.failed;
  await writeReport(analysis, selection, options, terminal);
  if (hasFailures) return EXIT.failed;
  const { failOn } = options;
  const shown = selectFindings(analysis.findings, selection);
  return failOn !== undefined && shown.some(({ severity }) => isAtLeast(severity, failOn)) ? EXIT.found : EXIT.done;
}

/** The rules as config file and options want them, and which of them are heard. */
async function rulesOf({ rule, notRule, config, rules: files, minSeverity }: AnalyzeFlags) {
  const catalogue = await loadCatalogue(files);
  const all = allRules(catalogue);
  const { settings, off } = await readConfig(config, all);
  const selection: Selection = { rules: chooseRules({ only: rule, not: notRule, off }, catalogue), minSeverity };
  return { rules: withSettings(all, settings), selection };
}

function checkPaths(paths: readonly string[]): void {
  if (paths.length === 0) throw new UsageError("name a capture file to analyze, or - for standard input");
  if (paths.length > CAPTURES_MAX) {
    throw new UsageError(
      `${paths.length} captures at once are too many (${CAPTURES_MAX}): merge some with mergecap first`,
    );
  }
  if (paths.filter((path) => path === "-").length > 1)
    throw new UsageError("standard input (-) can only be named once");
}

/** Reads what can be read; what cannot is told on standard error. The first Ctrl-C ends the reading, the second all. */
async function readAll(
  paths: readonly string[],
  options: AnalyzeFlags,
  terminal: Terminal,
  threadScript: string | null,
) {
  const { stderr } = terminal;
  const complain = (message: string) => stderr.write(`slotshark: ${escapeText(message)}\n`);
  const signal = { aborted: false };
  let standardInput: { close(): Promise<void> } | null = null;
  const stopListening = terminal.onInterrupt((count) => {
    if (count > 1) terminal.exit(EXIT.interrupted);
    signal.aborted = true;
    // A pipe may stay silent for ever: do not wait for its next byte.
    void standardInput?.close();
  });
  const progress = new Progress(stderr, monotonicMillis);
  try {
    const { rules, selection } = await rulesOf(options);
    const { captures, failures } = await openInputs(paths, {
      reader: options.reader,
      jobs: options.jobs ?? null,
      threadScript,
      onWarning: (message) => void complain(message),
      onSource: (source) => {
        if (source.name === "-") standardInput = source;
      },
    });
    for (const failure of failures) await complain(failure.message);
    const hasFailures = failures.length > 0;
    if (captures.length === 0) return { analysis: null, selection, hasFailures };
    try {
      const onProgress = (read: number, total: number | null) => progress.update(read, total);
      const analysis = await analyze(captures, { onProgress, signal, rules });
      // A pipe that was closed on Ctrl-C looks like one that came to its end.
      const interrupted = analysis.interrupted || (signal.aborted && standardInput !== null);
      return { analysis: { ...analysis, interrupted }, selection, hasFailures };
    } finally {
      await Promise.all(captures.map((capture) => capture.close()));
    }
  } finally {
    progress.end();
    stopListening();
  }
}

async function writeReport(
  analysis: Analysis,
  selection: Selection,
  { format, color }: AnalyzeFlags,
  terminal: Terminal,
): Promise<void> {
  const { stdout } = terminal;
  for (const piece of pieces()) {
    if (!stdout.isOpen) return;
    await stdout.write(piece);
  }

  function pieces(): Iterable<string> {
    if (format === "json") return jsonReport(analysis, selection);
    if (format === "ndjson") return ndjsonReport(analysis, selection);
    return [textReport(analysis, selection, { width: stdout.columns, isColored: isColored(color, terminal) })];
  }
}
