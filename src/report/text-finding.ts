import type { Analysis } from "../analysis/analysis.ts";
import { statusName } from "../nfs4/constants.ts";
import type { Finding, SlotState } from "../rules/finding.ts";
import { DOWNGRADES, type Fault, type Observation } from "../rules/rule.ts";
import type { Sighting } from "../session/sighting.ts";
import { escapeText } from "../text/escape.ts";
import type { Page } from "../text/page.ts";
import { listed, plural } from "../text/quantity.ts";
import { frameFilter, slotFilter } from "./wireshark-filter.ts";

/** Further occurrences whose frames are named. */
const SAMPLES_NAMED = 3;

const WHOSE: Record<Fault, string> = {
  client: "client at fault",
  server: "server at fault",
  network: "the network's doing",
  capture: "the capture, not a peer",
  unknown: "whose fault is unknown",
  none: "nobody's fault",
};

/** One finding: what, where, expected against seen, frames and filters to paste. */
export function writeFinding(page: Page, finding: Finding, analysis: Analysis, shortId: (id: string) => string): void {
  const { colors } = page;
  const paint = { error: colors.red, warning: colors.yellow, note: colors.blue }[finding.severity];
  const title = `${finding.severity.toUpperCase()} ${finding.rule.id}: ${finding.rule.title}`;
  const whose = finding.fault === "none" ? "" : ` (${WHOSE[finding.fault]})`;
  page.paragraph(escapeText(`${title}${times(finding)}${whose}`), 0, (line) => colors.bold(paint(line)));
  page.labelled("what", escapeText(finding.message));
  const where = place(finding, shortId);
  if (where !== "") page.labelled("where", escapeText(where));
  const compared = comparison(finding);
  if (compared !== "") page.labelled(finding.expected === null ? "seen" : "expected", escapeText(compared));
  const difference = differenceText(finding);
  if (difference !== "") page.labelled("differs", escapeText(difference));
  const slot = slotStates(finding);
  if (slot !== "") page.labelled("slot", slot);
  if (finding.confidence !== "certain") page.labelled("sure?", confidence(finding));
  writeProof(page, finding, analysis);
}

/** A note in short: nobody has to act on it. */
export function writeNote(page: Page, finding: Finding, analysis: Analysis): void {
  const frames = framesByCapture(finding.frames, analysis).join("; ");
  const message = `${finding.rule.id}: ${finding.message}${times(finding)}${frames === "" ? "" : ` (${frames})`}`;
  page.labelled("note", escapeText(message));
}

function times({ occurrences }: Finding): string {
  return occurrences > 1 ? ` ×${occurrences}` : "";
}

function place({ session, client, connection, channel, slot, seq }: Finding, shortId: (id: string) => string): string {
  const parts: string[] = [];
  if (connection !== null) parts.push(connection.name);
  if (session !== null) parts.push(`session ${shortId(session.id)}`);
  else if (client !== null) parts.push(`client 0x${client.clientId}`);
  if (channel === "back") parts.push("back channel");
  if (slot !== null) parts.push(`slot ${slot}`);
  if (seq !== null) parts.push(`seq ${seq}`);
  return parts.join(", ");
}

/** What should have been sent, and else how a correct peer answers; then what was seen of both. */
function comparison({ expected, actual }: Finding): string {
  const wanted = expected === null ? "" : observation(expected, "else answer");
  const label = expected === null ? "" : "seen: ";
  const seen = actual === null ? "" : `${label}${observation(actual, "answer")}`;
  return [wanted, seen].filter((part) => part !== "").join("; ");
}

function observation({ seq, slot, status, text }: Observation, answer: string): string {
  const parts: string[] = [];
  if (slot !== undefined) parts.push(`slot ${slot}`);
  if (seq !== undefined) parts.push(`seq ${seq}`);
  if (text !== undefined) parts.push(text);
  const statuses = status?.map(statusName).join(" or ");
  if (statuses !== undefined) parts.push(parts.length > 0 ? `${answer} ${statuses}` : statuses);
  return parts.join(", ");
}

/** In what a request differs from the one that it claims to be, unless the message says it. */
function differenceText({ message, evidence: { firstDifference } }: Finding): string {
  if (firstDifference === undefined || message.includes(`${firstDifference.path} was`)) return "";
  const { operation, name, path, before, after } = firstDifference;
  const where = path === "operation" ? `operation ${operation}` : `operation ${operation}, ${name}: ${path}`;
  return `${where} was ${before}, now ${after}`;
}

/** Where the slot stood before the request and after it, in the view of an onlooker. */
function slotStates({ evidence: { slotBefore, slotAfter } }: Finding): string {
  if (slotBefore === null || slotAfter === null) return "";
  const [before, after] = [slotState(slotBefore), slotState(slotAfter)];
  return before === after ? `${before}, before and after` : `${before}, then ${after}`;
}

function slotState({ lastSeq, state }: SlotState): string {
  return lastSeq === null ? "unknown" : `at seq ${lastSeq} (${state})`;
}

function confidence({ confidence, downgrades }: Finding): string {
  const reasons = downgrades.map((code) => DOWNGRADES[code]);
  return `${confidence}${reasons.length > 0 ? `: ${listed(reasons)}` : ""}`;
}

function writeProof(page: Page, finding: Finding, analysis: Analysis): void {
  const frames = framesByCapture(finding.frames, analysis);
  const at = sinceStart(finding.frames.at(-1), analysis);
  const proof = [...frames, ...(at === null ? [] : [`at ${at}`])].join(", ");
  const sources = [proof, finding.rule.rfc ?? ""].filter((source) => source !== "");
  if (sources.length > 0) page.labelled("proof", escapeText(sources.join("; ")));
  if (finding.occurrences > 1) page.labelled("again", escapeText(further(finding, analysis)));
  for (const [capture, numbers] of groupByCapture(finding.frames)) {
    const { captures } = analysis;
    const file = captures.length > 1 ? `   in ${escapeText(captures[capture]?.path ?? "?")}` : "";
    page.pasteable("filter", frameFilter(numbers) + file);
  }
  const slot = slotFilter(finding);
  if (slot !== null && finding.frames.length > 0) page.pasteable("its slot", slot);
}

function further({ occurrences, samples, lastAt }: Finding, analysis: Analysis): string {
  const named = samples.slice(0, SAMPLES_NAMED).map((frames) => framesByCapture(frames, analysis).join("; "));
  const rest = occurrences - 1 - named.length;
  const last = lastAt === null ? null : sinceStart({ ...samples.at(-1)?.at(-1), at: lastAt }, analysis);
  return `${named.join("; ")}${rest > 0 ? `; and ${plural(rest, "more time")}` : ""}${last === null ? "" : `; last at ${last}`}`;
}

function groupByCapture(frames: readonly Sighting[]): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const { capture, frame } of frames) groups.set(capture, [...(groups.get(capture) ?? []), frame]);
  return groups;
}

/** `frames 14, 15`, with the file's name where there are several. */
function framesByCapture(frames: readonly Sighting[], { captures }: Analysis): string[] {
  return Array.from(groupByCapture(frames), ([capture, numbers]) => {
    const name = captures.length > 1 ? ` of ${captures[capture]?.path ?? "?"}` : "";
    const unique = [...new Set(numbers)];
    return `${unique.length === 1 ? "frame" : "frames"} ${unique.join(", ")}${name}`;
  });
}

/** Seconds since the first packet of its file, as Wireshark's time column shows by default. */
function sinceStart(sighting: { capture?: number; at: number } | undefined, { captures }: Analysis): string | null {
  const first = captures[sighting?.capture ?? 0]?.firstAt ?? null;
  if (sighting === undefined || first === null || !Number.isFinite(sighting.at)) return null;
  return `${((sighting.at - first) / 1e9).toFixed(6)} s`;
}
