import { expect, test } from "vitest";
import { emptyAnalysis, totals } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("totals have the names of the schema", () => {
  const other = new Map([
    ["100005.3", 2],
    ["100003.3", 9],
  ]);
  const document = documentOf(emptyAnalysis({ totals: totals({ compounds: [1, 2, 3], otherRpc: other }) }));
  expect(document.totals.compounds).toEqual({ "4.0": 1, "4.1": 2, "4.2": 3 });
  expect(Object.keys(document.totals.otherRpc)).toEqual(["100003.3", "100005.3"]);
});
