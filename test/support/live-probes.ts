import { probes } from "../../src/probe/index.ts";
import type { ProbeResult } from "../../src/probe/result.ts";
import { runProbes } from "../../src/probe/run-probes.ts";
import { PROBE_LIMITS, type ProbeSettings } from "../../src/probe/settings.ts";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import { seededRandom } from "../../src/sys/random.ts";
import { systemTimers } from "../../src/sys/timers.ts";

/** All probes that need not be named, against a real server. */
export async function probeLive(
  connect: () => Promise<ByteChannel>,
  exportPath: string,
  minorVersion: number,
): Promise<ProbeResult[]> {
  const settings: ProbeSettings = {
    connect,
    timers: systemTimers,
    random: seededRandom(`${exportPath} ${minorVersion} ${process.pid}`),
    minorVersion,
    user: { uid: 0, gid: 0 },
    otherUser: { uid: 1001, gid: 1001 },
    exportPath: exportPath.split("/").filter((name) => name !== ""),
    ...PROBE_LIMITS,
  };
  const results: ProbeResult[] = [];
  for await (const result of runProbes(
    probes.filter(({ optIn }) => optIn === undefined),
    settings,
  )) {
    results.push(result);
  }
  return results;
}

/** Whether these come upon the moment they need depends on the machine's mood; a deviation they would always show. */
const TIMED = [
  "in-progress-same-conn",
  "in-progress-two-conns",
  "busy-next",
  "slot-independence",
  "ds-with-outstanding",
  "cb-retry",
  "cb-error-slot",
];

/** A verdict as golden tables have it. */
function steadyVerdict({ probe, verdict }: VerdictLine): string {
  return TIMED.includes(probe) && verdict !== "deviates" && verdict !== "skipped" ? "no deviation" : verdict;
}

/** What a table needs of a result. */
export interface VerdictLine {
  readonly probe: string;
  readonly verdict: string;
}

/** A line a probe, a column a run. */
export function resultTable(columns: readonly { title: string; results: readonly VerdictLine[] }[]): string {
  const ids = columns[0]?.results.map(({ probe }) => probe) ?? [];
  const width = Math.max(...ids.map((id) => id.length));
  const verdictOf = (results: readonly VerdictLine[], id: string) => {
    const line = results.find(({ probe }) => probe === id);
    return line === undefined ? "" : steadyVerdict(line);
  };
  const head = ["".padEnd(width), ...columns.map(({ title }) => title.padEnd(16))];
  const rows = ids.map((id) => [id.padEnd(width), ...columns.map(({ results }) => verdictOf(results, id).padEnd(16))]);
  return `${[head, ...rows].map((row) => row.join("  ").trimEnd()).join("\n")}\n`;
}
