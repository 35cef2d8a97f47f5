import { expect } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING, type Selection } from "../../src/report/select-findings.ts";
import { strictSchema } from "./schema.ts";

const validate = strictSchema();

/** The parsed JSON document of an analysis, held to the schema with nothing added. */
// biome-ignore lint/suspicious/noExplicitAny: a parsed document is looked into freely
export function documentOf(analysis: Analysis, selection: Selection = EVERYTHING): any {
  const document = JSON.parse([...jsonReport(analysis, selection)].join(""));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}
