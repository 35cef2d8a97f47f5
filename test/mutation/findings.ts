import { Analyzer } from "../../src/analysis/analyzer.ts";
import type { Frame } from "../../src/capture/frame.ts";
import type { Finding } from "../../src/rules/finding.ts";
import type { Expected } from "./mutation.ts";
import type { Captured } from "./write-traffic.ts";

/** What the program finds in frames. */
export function findingsIn(frames: readonly Frame[]): readonly Finding[] {
  const analyzer = new Analyzer();
  for (const frame of frames) analyzer.push(frame);
  analyzer.finish();
  return analyzer.engine.findings.all;
}

export interface Named {
  readonly rule: string;
  readonly slot: number | null;
  readonly frames: readonly number[];
}

/** The expected findings, and those made of them: equal if all is as it should be. */
export function compared(captured: Captured, expected: readonly Expected[], findings: readonly Finding[]) {
  const wanted = expected.map(({ rule, slot, messages }) => {
    return { rule, slot, frames: messages.map((message) => captured.frameOf.get(message)!) };
  });
  const found = findings.map((finding): Named => {
    const frames = finding.frames.map(({ frame }) => frame);
    const match = wanted.find(({ rule, slot }) => rule === finding.rule.id && slot === finding.slot);
    return {
      rule: finding.rule.id,
      slot: finding.slot,
      frames: match === undefined ? frames : match.frames.filter((frame) => frames.includes(frame)),
    };
  });
  return { wanted: inOrder(wanted), found: inOrder(found) };
}

function inOrder(named: readonly Named[]): Named[] {
  return [...named].sort((a, b) => a.rule.localeCompare(b.rule) || (a.slot ?? -1) - (b.slot ?? -1));
}
