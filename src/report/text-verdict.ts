import type { Analysis } from "../analysis/analysis.ts";
import type { Finding } from "../rules/finding.ts";
import { escapeText } from "../text/escape.ts";
import type { Page } from "../text/page.ts";
import { groupDigits, listed, percent, plural } from "../text/quantity.ts";
import { listedSessions } from "./listed-sessions.ts";
import { countSeverities } from "./select-findings.ts";

/** The first lines: is anything wrong, and whose fault is it. */
export function writeVerdict(page: Page, analysis: Analysis, findings: readonly Finding[]): void {
  const { bold, green, red, yellow } = page.colors;
  const { errors, warnings } = countSeverities(findings);
  const paint = errors > 0 ? red : warnings > 0 ? yellow : green;
  page.paragraph(verdict(analysis, findings), 0, (line) => bold(paint(line)));
  if (analysis.interrupted) page.paragraph("Interrupted: this is what was seen up to then.", 0, yellow);
}

function verdict(analysis: Analysis, findings: readonly Finding[]): string {
  const { errors, warnings, notes } = countSeverities(findings);
  if (errors + warnings > 0) {
    const counts = [
      ...(errors > 0 ? [plural(errors, "error")] : []),
      ...(warnings > 0 ? [plural(warnings, "warning")] : []),
      ...(notes > 0 ? [plural(notes, "note")] : []),
    ];
    return `${listed(counts)} in ${inputs(analysis)}${blame(findings)}`;
  }
  const sessions = listedSessions(analysis).length;
  const { sequenceCalls, callbackCalls } = analysis.totals;
  if (sessions === 0 && sequenceCalls === 0 && callbackCalls === 0) return nothingToJudge(analysis);
  const seen = `${plural(sessions, "session")}, ${plural(sequenceCalls, "SEQUENCE call")}`;
  const reservation = isWhole(analysis) ? "" : " What is missing from the capture was not judged.";
  const besides = notes > 0 ? ` ${plural(notes, "note")} below.` : "";
  return `No misuse found: ${seen} in ${inputs(analysis)}.${reservation}${besides}`;
}

/** Nothing above a note was found, but there was nothing to find it in either: say so, and say why if it shows. */
function nothingToJudge(analysis: Analysis): string {
  const { totals, captures, coverage } = analysis;
  const where = inputs(analysis);
  if (captures.every(({ frames }) => frames === 0)) return `No packets in ${where}.`;
  const [v40, v41, v42] = totals.compounds;
  if (v41 + v42 > 0)
    return `No session was used in ${where}: ${plural(v41 + v42, "NFSv4.1 compound")}, none with SEQUENCE.`;
  if (v40 > 0) return `No NFSv4.1 sessions in ${where}: all ${plural(v40, "compound")} are NFSv4.0, which has none.`;
  if (coverage.records > 0)
    return `No NFSv4.1 sessions in ${where}: ${plural(coverage.records, "RPC record")}, none of NFSv4.`;
  return `No NFS over TCP in ${where}: ${plural(totals.frames, "frame")} read.`;
}

function isWhole({ coverage, captures }: Analysis): boolean {
  const isRead = coverage.bytesLost === 0 && coverage.understood >= coverage.records;
  return isRead && captures.every(({ damage }) => damage.length === 0);
}

function inputs({ captures }: Analysis): string {
  if (captures.length !== 1) return plural(captures.length, "capture");
  const { path } = captures[0]!;
  return path === "-" ? "standard input" : escapeText(path);
}

/** The parties behind the worst findings; `probably` where not one of those is certain. */
function blame(findings: readonly Finding[]): string {
  const level = findings.some(({ severity }) => severity === "error") ? "error" : "warning";
  const worst = findings.filter(({ severity }) => severity === level);
  const blamed = (["client", "server"] as const).filter((party) => worst.some(({ fault }) => fault === party));
  if (blamed.length > 0) {
    const isSure = worst.some(
      ({ fault, confidence }) => blamed.some((party) => party === fault) && confidence === "certain",
    );
    return `: the ${listed(blamed)} ${blamed.length === 1 ? "is" : "are"} ${isSure ? "" : "probably "}at fault`;
  }
  if (worst.some(({ fault }) => fault === "network")) return ": the network's doing, no peer is accused";
  return worst.some(({ fault }) => fault === "capture") ? ": the capture is incomplete, no peer is accused" : "";
}

/** The last words: how much of the traffic the verdict rests on. */
export function coverageText({ captures, coverage, totals }: Analysis): string {
  const { records, understood, bytesLost, gaps, truncatedRecords } = coverage;
  const parts = [
    `${percent(understood, records)} of ${plural(records, "RPC record")} understood`,
    `${plural(bytesLost, "byte")} lost${gaps > 0 ? ` in ${plural(gaps, "gap")}` : ""}`,
  ];
  if (truncatedRecords > 0) {
    const isSnapped = captures.some(({ truncatedFrames }) => truncatedFrames > 0);
    parts.push(`${plural(truncatedRecords, "record")} cut ${isSnapped ? "by the snap length" : "short by gaps"}`);
  }
  if (totals.unansweredCalls > 0) parts.push(`${plural(totals.unansweredCalls, "call")} unanswered`);
  return `${parts.join(", ")} (${groupDigits(totals.frames)} frames, ${plural(totals.tcpConnections, "RPC connection")})`;
}
