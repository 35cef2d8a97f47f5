import type { Analysis } from "../analysis/analysis.ts";
import { Histogram } from "../session/histogram.ts";
import type { NegotiatedAttributes, ObservedSession } from "../session/observed-session.ts";
import type { ObservedSlotTable } from "../session/observed-slot-table.ts";
import type { Page } from "../text/page.ts";
import { duration, groupDigits, plural } from "../text/quantity.ts";
import { columnsOf } from "../text/wrap.ts";
import { listedSessions } from "./listed-sessions.ts";

/** Rows shown; JSON has them all. */
const SESSIONS_SHOWN_MAX = 12;

const HEAD = ["session", "server", "channel", "slots used", "calls", "replies", "retries", "max open", "p50", "p99"];
/** Columns of words; the others are numbers and stand to the right. */
const LEFT = 3;

/** One row for each session and channel, the busiest first when not all can be shown. */
export function writeSessions(page: Page, analysis: Analysis, shortId: (id: string) => string): void {
  const sessions = listedSessions(analysis);
  if (sessions.length === 0) return;
  const shown = sessions.length > SESSIONS_SHOWN_MAX ? busiest(sessions) : sessions;
  page.blank();
  writeTable(page, [HEAD, ...shown.flatMap((session) => rowsOf(session, shortId(session.id)))]);
  const hidden = sessions.length - shown.length;
  if (hidden > 0) page.paragraph(`… and ${plural(hidden, "session")} with fewer calls (all with --format json)`);
}

function busiest(sessions: readonly ObservedSession[]): ObservedSession[] {
  return [...sessions].sort((a, b) => b.fore.calls - a.fore.calls).slice(0, SESSIONS_SHOWN_MAX);
}

function rowsOf(session: ObservedSession, id: string): string[][] {
  const { fore, back, server, minorVersion } = session;
  const rows = [[id, server.endpoint, `4.${minorVersion} fore`, ...numbers(fore, session.foreAttributes)]];
  if (back !== null && back.calls > 0) rows.push(["", "", "back", ...numbers(back, session.backAttributes)]);
  return rows;
}

function numbers(table: ObservedSlotTable, { granted }: NegotiatedAttributes): string[] {
  const latency = new Histogram();
  for (const slot of table.used()) latency.addAll(slot.latencyMicros);
  const percentile = (share: number) => {
    const micros = latency.quantile(share);
    return micros === null ? "-" : duration(micros);
  };
  const limit = granted === null ? table.limit + 1 : granted.maxRequests;
  return [
    limit > 0 ? `${table.slotsUsed} of ${limit}` : String(table.slotsUsed),
    groupDigits(table.calls),
    groupDigits(table.replies),
    groupDigits(table.retries),
    groupDigits(table.maxOutstanding),
    percentile(0.5),
    percentile(0.99),
  ];
}

function writeTable(page: Page, rows: readonly string[][]): void {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  for (const [i, row] of rows.entries()) {
    const cells = row.map((cell, column) => pad(cell, widths[column] ?? 0, column < LEFT));
    page.line((i === 0 ? page.colors.dim : String)(cells.join("  ").trimEnd()));
  }
}

function pad(cell: string, width: number, isLeft: boolean): string {
  const space = " ".repeat(Math.max(0, width - columnsOf(cell)));
  return isLeft ? cell + space : space + cell;
}
