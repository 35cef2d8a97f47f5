import { expect } from "vitest";
import { NdjsonStream } from "../../src/report/ndjson.ts";
import { EVERYTHING, type Selection } from "../../src/report/select-findings.ts";
import { capture } from "./analysis-fixture.ts";
import { type AnalyzeTestOptions, analyzeBytes } from "./analyze-captures.ts";
import { type Scenario, scenario } from "./scenario.ts";
import { strictStreamSchema } from "./schema.ts";

// biome-ignore lint/suspicious/noExplicitAny: a parsed line is looked into freely
export type Line = any;

const validate = strictStreamSchema();

/** The lines of a text, each held to the schema with nothing added. */
export function linesOf(text: string): Line[] {
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const parsed = JSON.parse(line);
      expect(validate(parsed), `${line}: ${JSON.stringify(validate.errors)}`).toBe(true);
      return parsed;
    });
}

export interface StreamTestOptions extends AnalyzeTestOptions {
  selection?: Selection;
  records?: boolean;
}

/** What is streamed of a story until its last frame, the end of the capture included. */
export async function streamStory(tell: (wire: Scenario) => void, records = false): Promise<Line[]> {
  const wire = scenario();
  const { analyzer } = wire.wire;
  let text = "";
  const write = async (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  const stream = new NdjsonStream(write, { selection: EVERYTHING, records });
  stream.begin([capture("story.pcap")], analyzer.timeBase);
  analyzer.tellAlong(stream);
  tell(wire);
  wire.wire.findings();
  await stream.flush();
  return linesOf(text);
}

/** What is streamed of captures in memory, and their analysis. */
export async function streamBytes(captures: readonly Uint8Array[], options: StreamTestOptions = {}) {
  const { selection = EVERYTHING, records = false, ...others } = options;
  let text = "";
  const decoder = new TextDecoder();
  const write = async (bytes: Uint8Array) => {
    text += decoder.decode(bytes);
  };
  const stream = new NdjsonStream(write, { selection, records });
  const analysis = await analyzeBytes(captures, { ...others, stream });
  await stream.end(analysis);
  return { analysis, lines: linesOf(text), text };
}
