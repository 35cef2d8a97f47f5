import { cpus, totalmem } from "node:os";
import { type Verdict, verdict } from "./goals.ts";
import type { Result } from "./rounds.ts";
import type { Section } from "./sections.ts";

/** A section with its figures. */
export interface Outcome {
  readonly section: Section;
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
}

export function outcome(section: Section, results: readonly Result[]): Outcome {
  return { section, results, verdicts: section.goals.map((goal) => verdict(goal, results)) };
}

/** Ratios cancel out how fast a machine is, but not of which kind. */
export function machineKind(): string {
  const all = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return `${all.length} x ${all[0]?.model ?? "unknown processor"}, ${gigabytes} GB, ${process.platform}, Node ${process.versions.node}`;
}

export function textOf({ section, results, verdicts }: Outcome): string {
  const head = section.bytes === null ? section.title : `${section.title}: ${megabytes(section.bytes)} MB`;
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.map((result) => `  ${result.name.padEnd(width)} ${figures(result, section, results[0]!)}`);
  const goals = verdicts.map((each) => `  goal: ${each.text}: ${shown(each)}`);
  return [head, ...lines, ...goals].join("\n");
}

function figures(result: Result, { bytes }: Section, first: Result): string {
  if (result.failure !== null) return `failed: ${result.failure}`;
  const time = `${(result.millis / 1000).toFixed(3)} s`.padStart(10);
  const speed = bytes === null ? "" : `${(bytes / 1000 / result.millis).toFixed(0)} MB/s`.padStart(11);
  const peak = result.peakKilobytes === null ? "" : `${megabytes(result.peakKilobytes * 1000)} MB peak`.padStart(14);
  const ratio = result === first ? "" : `   ${ratioText(first, result)}`;
  return `${time}${speed}${peak}${ratio}`;
}

function ratioText(first: Result, other: Result): string {
  const ratio = other.millis / first.millis;
  if (Number.isNaN(ratio)) return "";
  return ratio >= 1
    ? `${first.name} is ${ratio.toFixed(1)} x as fast`
    : `${first.name} takes ${(1 / ratio).toFixed(1)} x its time`;
}

function shown({ figure, isMet }: Verdict): string {
  if (figure === null) return "not measured";
  return `${figure.toFixed(Math.abs(figure) < 100 ? 2 : 0)}, ${isMet ? "ok" : "missed"}`;
}

export function jsonOf(outcomes: readonly Outcome[]) {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: machineKind(),
    sections: outcomes.map(({ section: { name, title, bytes }, results, verdicts }) => ({
      name,
      title,
      bytes,
      results: results.map(({ name, millis, peakKilobytes, failure, rounds }) => ({
        name,
        millis,
        peakKilobytes,
        bytesPerSecond: bytes === null || Number.isNaN(millis) ? null : Math.round((bytes / millis) * 1000),
        failure,
        rounds,
      })),
      goals: verdicts,
    })),
  };
}

/** Rows for `test/bench/RESULTS.md`. */
export function markdownOf(outcomes: readonly Outcome[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const rows = outcomes.flatMap(({ section: { title, bytes }, results }) =>
    results.map((result) => {
      const { name, millis, peakKilobytes, failure } = result;
      if (failure !== null) return [title, name, "failed", "", "", ""];
      return [
        title,
        name,
        `${(millis / 1000).toFixed(3)} s`,
        (millis / results[0]!.millis).toFixed(2),
        bytes === null ? "" : `${(bytes / 1000 / millis).toFixed(0)} MB/s`,
        peakKilobytes === null ? "" : `${megabytes(peakKilobytes * 1000)} MB`,
      ];
    }),
  );
  const goals = outcomes.flatMap(({ section: { title }, verdicts }) =>
    verdicts.map((each) => [title, each.text, shown(each)]),
  );
  return [
    `### ${date}, ${machineKind()}`,
    table(["capture", "program", "median", "ratio", "speed", "peak memory"], rows),
    table(["capture", "goal", "measured"], goals),
  ].join("\n\n");
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
