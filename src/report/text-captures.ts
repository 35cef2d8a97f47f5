import type { Analysis, CaptureSummary } from "../analysis/analysis.ts";
import { escapeText } from "../text/escape.ts";
import type { Page } from "../text/page.ts";
import { groupDigits, plural } from "../text/quantity.ts";
import { programName } from "./program-name.ts";
import { coverageText } from "./text-verdict.ts";

/** Damaged places named one by one. */
const DAMAGE_SHOWN_MAX = 5;

/** What the report rests on: coverage, and what was wrong with the captures if anything was. */
export function writeCaptures(page: Page, analysis: Analysis): void {
  page.blank();
  page.labelled("read", coverageText(analysis));
  const traffic = otherTraffic(analysis);
  if (traffic !== "") page.labelled("besides", traffic);
  const { captures } = analysis;
  for (const capture of captures) {
    if (captures.length > 1) page.labelled("capture", captureText(capture));
    writeDamage(page, capture, captures.length > 1);
  }
  for (const { name, bound, dropped } of analysis.limits) {
    if (dropped === 0) continue;
    page.labelled("limit", escapeText(`${name}: ${groupDigits(bound)} kept, ${groupDigits(dropped)} let go`));
  }
}

function otherTraffic({ totals }: Analysis): string {
  const parts: string[] = [];
  if (totals.callbackCalls > 0) parts.push(plural(totals.callbackCalls, "callback"));
  if (totals.compounds[0] > 0) parts.push(plural(totals.compounds[0], "NFSv4.0 compound"));
  for (const [program, calls] of totals.otherRpc) parts.push(escapeText(plural(calls, `${programName(program)} call`)));
  return parts.join(", ");
}

function captureText(capture: CaptureSummary): string {
  const packing = capture.compression === null ? "" : `, ${capture.compression}`;
  const kind = `${capture.format}${packing}`;
  return `${escapeText(capture.path)}: ${kind}, ${plural(capture.frames, "frame")}, ${plural(capture.bytes, "byte")}`;
}

function writeDamage(page: Page, capture: CaptureSummary, isNamed: boolean): void {
  const { path, damage, damageOmitted, truncatedFrames, frames } = capture;
  const name = isNamed ? `${path}: ` : "";
  for (const { offset, frame, message } of damage.slice(0, DAMAGE_SHOWN_MAX)) {
    const where = `byte ${groupDigits(offset)}, after frame ${groupDigits(frame)}`;
    page.labelled("damage", escapeText(`${name}${message} (${where})`));
  }
  const more = Math.max(0, damage.length - DAMAGE_SHOWN_MAX) + damageOmitted;
  if (more > 0) page.labelled("damage", escapeText(`${name}${plural(more, "more damaged place")} (see --format json)`));
  const lost = capture.droppedFrames ?? 0;
  if (lost > 0) page.labelled("lost", escapeText(`${name}${plural(lost, "frame")}, says the capturing program`));
  if (truncatedFrames > 0) {
    const share = `${groupDigits(truncatedFrames)} of ${plural(frames, "frame")}`;
    page.labelled("cut", escapeText(`${name}${share} cut short by the snap length`));
  }
}
