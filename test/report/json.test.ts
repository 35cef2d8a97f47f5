import { expect, test } from "vitest";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { analysisWithGap, capture, emptyAnalysis, finding, ruleLike, totals } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";
import { publishedSchema } from "../support/schema.ts";

test("the document has the members of the schema and no others", () => {
  const document = documentOf(analysisWithGap());
  expect(Object.keys(document)).toEqual([
    "schema",
    "tool",
    "interrupted",
    "captures",
    "totals",
    "clients",
    "sessions",
    "findings",
    "summary",
    "coverage",
    "limits",
  ]);
  expect(document.schema).toBe("slotshark/analysis/1");
});

test("the published schema lets later versions add members", () => {
  expect(JSON.stringify(publishedSchema())).not.toContain('"additionalProperties":false');
});

test("the summary counts what is left after selection", () => {
  const findings = [
    finding({ rule: ruleLike({ id: "a" }) }),
    finding({ rule: ruleLike({ id: "b" }), severity: "warning" }),
    finding({ rule: ruleLike({ id: "b" }), severity: "note" }),
  ];
  const analysis = emptyAnalysis({ findings });
  expect(documentOf(analysis).summary).toEqual({ errors: 1, warnings: 1, notes: 1 });
  const onlyB = documentOf(analysis, { rules: new Set(["b"]), minSeverity: "warning" });
  expect(onlyB.summary).toEqual({ errors: 0, warnings: 1, notes: 0 });
  expect(onlyB.findings).toHaveLength(1);
});

test("the same analysis gives the same bytes", () => {
  const bytes = () => [...jsonReport(analysisWithGap(), EVERYTHING)].join("");
  expect(bytes()).toBe(bytes());
});

test("hostile names change neither the terminal nor the document's shape", () => {
  const path = "__proto__\u001b[2J\u009b31m\u202e\u2028.pcap";
  const analysis = emptyAnalysis({
    captures: [capture(path)],
    totals: totals({ otherRpc: new Map([["__proto__", 1]]) }),
    findings: [finding({ message: "\u001b]0;owned\u0007\u202e" })],
  });
  const text = [...jsonReport(analysis, EVERYTHING)].join("");
  // biome-ignore lint/complexity/useRegexLiterals: readable classes
  expect(text).not.toMatch(new RegExp("[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u202e\\u2028]"));
  const document = JSON.parse(text);
  expect(document.captures[0].path).toBe(path);
  expect(Object.keys(document.totals.otherRpc)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>).owned).toBeUndefined();
});
