import { expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { analysisWithGap, ruleLike, sighting } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("an id stays the same from run to run and differs between findings", () => {
  const idOf = (analysis: Analysis) => documentOf(analysis).findings[0].id;
  const id = idOf(analysisWithGap());
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(idOf(analysisWithGap({ occurrences: 7 }))).toBe(id);
  const others: Analysis[] = [
    analysisWithGap({ slot: 3 }),
    analysisWithGap({ channel: "back" }),
    analysisWithGap({ frames: [sighting(16)] }),
    analysisWithGap({ frames: [sighting(14, 1)] }),
    analysisWithGap({ rule: ruleLike({ id: "seq-behind" }) }),
  ];
  expect(new Set([id, ...others.map(idOf)]).size).toBe(others.length + 1);
});
