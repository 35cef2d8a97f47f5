import { expect, test } from "vitest";
import { probeJson } from "../../src/probe/report-json.ts";
import { exchangeStep, HOSTILE, probeReport, resultLike } from "../support/probe-results.ts";
import { publishedSchema, strictProbeSchema } from "../support/schema.ts";

const textOf = (...args: Parameters<typeof probeReport>) => [...probeJson(probeReport(...args))].join("");

test("the document is as the published schema says, and has nothing more", () => {
  const validate = strictProbeSchema();
  for (const text of [textOf(), textOf([])]) {
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  }
});

test("the schema lets later versions add members", () => {
  expect(JSON.stringify(publishedSchema("probe-1", "probe"))).not.toContain('"additionalProperties":false');
});

test("a result says all that the text says", () => {
  const { results, summary, server } = JSON.parse(textOf());
  expect(server).toBe("127.0.0.1:2049");
  expect(summary).toEqual({
    pass: 1,
    passAlternative: 1,
    deviates: 1,
    inconclusive: 1,
    skipped: 1,
    elapsedMillis: 7.5,
  });
  expect(results[0]).toMatchObject({
    probe: "first-zero",
    family: "first-requests",
    minorVersion: 1,
    verdict: "deviates",
  });
  expect(results[0].steps).toEqual([
    { kind: "note", atMillis: 0.1, text: "c1 opened" },
    {
      kind: "exchange",
      atMillis: 0.25,
      connection: "c1",
      sent: "SEQUENCE seq 0 slot 0",
      answered: "SEQUENCE OK seq 0",
      answeredAtMillis: 0.373,
    },
    {
      kind: "check",
      atMillis: 0.5,
      verdict: "deviates",
      required: "SEQ_MISORDERED on operation 0",
      observed: "SEQUENCE OK",
    },
    {
      kind: "exchange",
      atMillis: 0.7,
      connection: "c1",
      sent: "SEQUENCE seq 1 slot 0",
      answered: null,
      answeredAtMillis: null,
    },
  ]);
  expect(results[1]).toMatchObject({ reason: null, permits: null, pynfs: [], knownDeviations: null });
});

test("results of both minor versions stand in one list", () => {
  const report = probeReport();
  const runs = [1, 2].map((minorVersion) => ({ minorVersion, results: [resultLike()] }));
  const { results } = JSON.parse([...probeJson({ ...report, runs })].join(""));
  expect(results.map(({ minorVersion }: { minorVersion: number }) => minorVersion)).toEqual([1, 2]);
});

test("hostile texts stay what they are and do not reach the terminal", () => {
  const text = textOf([resultLike({ reason: HOSTILE, steps: [exchangeStep(HOSTILE, HOSTILE)] })]);
  expect(text).not.toMatch(/[\u001b\u009b\u202e\u2028]/);
  expect(JSON.parse(text).results[0].steps[0].sent).toBe(HOSTILE);
});
