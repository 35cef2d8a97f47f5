import { expect, test } from "vitest";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { textReport } from "../../src/report/text.ts";
import type { Finding } from "../../src/rules/finding.ts";
import { analyzeBytes } from "./analyze-captures.ts";
import { type WrittenPacket, writePcap } from "./capture-writer.ts";
import { LINK } from "./network-packets.ts";
import { Scenario } from "./scenario.ts";
import { Wire } from "./scenario-wire.ts";

/** Wide enough that nothing is wrapped. */
const WIDTH = 1000;
const START_SECONDS = 1_700_000_000;

/** What somebody who is stuck reads. */
export interface Told {
  /** The report's first line, without the file's name. */
  verdict: string;
  /** `severity fault, rule: message` of everything above a note, in the report's order; `×n` where it was folded. */
  accused: readonly string[];
  /** `rule: message` of the notes. */
  notes: readonly string[];
}

/** A case from real life: told in packets, captured in a file, and read by the whole program. */
export function story(title: string, tell: (wire: Scenario) => void, expected: Told): void {
  test(title, async () => {
    const wire = new CapturingWire();
    tell(new Scenario(wire));
    const analysis = await analyzeBytes([writePcap({ nanos: true, linkType: LINK.raw }, wire.packets)]);
    const report = textReport(analysis, EVERYTHING, { width: WIDTH, isColored: false });
    const accused = analysis.findings.filter(({ severity }) => severity !== "note");
    const notes = analysis.findings.filter(({ severity }) => severity === "note");
    expect({
      verdict: report.slice(0, report.indexOf("\n")).replace(" in 0.pcap", ""),
      accused: accused.sort(bySeverity).map((finding) => `${finding.severity} ${finding.fault}, ${lineOf(finding)}`),
      notes: notes.map(lineOf),
    }).toEqual(expected);
  });
}

function bySeverity(one: Finding, other: Finding): number {
  return Number(other.severity === "error") - Number(one.severity === "error");
}

function lineOf({ rule, message, occurrences }: Finding): string {
  return `${rule.id}: ${message}${occurrences > 1 ? ` ×${occurrences}` : ""}`;
}

/** Keeps the packets of a scenario. */
class CapturingWire extends Wire {
  readonly packets: WrittenPacket[] = [];

  override capture(bytes: Uint8Array): number {
    this.nanos += this.stepNanos;
    this.packets.push({ seconds: START_SECONDS + Math.floor(this.nanos / 1e9), nanos: this.nanos % 1e9, bytes });
    this.frames = this.packets.length;
    return this.frames;
  }
}
