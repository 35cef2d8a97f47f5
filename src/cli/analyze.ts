import { analyze } from "../analysis/analyze.ts";
import { isAtLeast, type Selection, selectFindings } from "../report/select-findings.ts";
import { withSettings } from "../rules/settings.ts";
import { monotonicMillis } from "../sys/clock.ts";
import { keepHeapSmall } from "../sys/heap.ts";
import type { Terminal } from "../sys/terminal.ts";
import { escapeText } from "../text/escape.ts";
import { allRules, loadCatalogue } from "./catalogue.ts";
import { chooseRules } from "./choose-rules.ts";
import { readConfig } from "./config.ts";
import { EXIT } from "./exit-status.ts";
import { CAPTURES_MAX, openInputs } from "./open-captures.ts";
import type { AnalyzeFlags } from "./options.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage-error.ts";
import { streamFor, writeReport } from "./write-report.ts";

/** Captures up to so long cannot make the heap large. */
const SHORT_CAPTURE_BYTES = 16_777_216;

/** `slotshark analyze CAPTURE...` */
export async function analyzeCommand(
  named: readonly string[],
  options: AnalyzeFlags,
  terminal: Terminal,
  threadScript: string | null,
): Promise<number> {
  const paths = [...named, ...(options.read ?? [])];
  checkPaths(paths);
  if (options.records && options.format !== "ndjson") throw new UsageError("--records goes with --format ndjson");
  const { analysis, selection, stream, hasFailures } = await readAll(paths, options, terminal, threadScript);
  if (analysis === null) return EXIT.failed;
  if (stream === null) await writeReport(analysis, selection, options, terminal);
  else if (terminal.stdout.isOpen) await stream.end(analysis);
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
  const { stdout, stderr } = terminal;
  const complain = (message: string) => stderr.write(`slotshark: ${escapeText(message)}\n`);
  const signal = { aborted: false };
  let standardInput: { close(): Promise<void> } | null = null;
  const stop = () => {
    signal.aborted = true;
    // A pipe may stay silent for ever: do not wait for its next byte.
    void standardInput?.close();
  };
  const stopListening = terminal.onInterrupt((count) => {
    if (count > 1) terminal.exit(EXIT.interrupted);
    stop();
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
    const stream = streamFor(options, selection, stdout, stop);
    if (captures.length === 0) return { analysis: null, selection, stream, hasFailures };
    if (captures.some(({ input }) => input.size === null || input.size > SHORT_CAPTURE_BYTES)) await keepHeapSmall();
    // Lines on the same terminal would run into it.
    const isDrawn = stream === null || !stdout.isTTY;
    try {
      const analysis = await analyze(captures, {
        onProgress: (read, total) => isDrawn && progress.update(read, total),
        signal,
        rules,
        ...(stream === null ? {} : { stream }),
      });
      // A pipe that was closed on Ctrl-C looks like one that came to its end.
      const interrupted = analysis.interrupted || (signal.aborted && standardInput !== null);
      return { analysis: { ...analysis, interrupted }, selection, stream, hasFailures };
    } finally {
      await Promise.all(captures.map((capture) => capture.close()));
    }
  } finally {
    progress.end();
    stopListening();
  }
}
