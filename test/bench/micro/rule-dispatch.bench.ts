import { bench, describe } from "vitest";
import { Analyzer } from "../../../src/analysis/analyzer.ts";
import { rules } from "../../../src/rules/index.ts";
import type { Rule } from "../../../src/rules/rule.ts";
import { writeMetadata } from "../inputs/metadata.ts";
import { sampleFrames } from "./samples.ts";

const frames = await sampleFrames(writeMetadata, 0.01);

function analyzed(catalogue: readonly Rule[]): void {
  const analyzer = new Analyzer(catalogue);
  for (const frame of frames) analyzer.push(frame);
  analyzer.finish();
}

// The difference is what it costs to tell the rules of each fact, and what they make of it.
describe(`the whole analysis of ${frames.length} frames`, () => {
  bench("without rules", () => analyzed([]));
  bench(`with ${rules.length} rules`, () => analyzed(rules));
});
