import { expect, test } from "vitest";
import { probeClosing, probeHeading, probeLine } from "../../src/probe/report-text.ts";
import { exchangeStep, HOSTILE, oneOfEach, probeLike, probeReport, resultLike } from "../support/probe-results.ts";

const PLAIN = { width: 100, isColored: false };

test("a minor version has a heading", () => {
  expect(probeHeading("127.0.0.1:2049", 2, PLAIN)).toBe("NFSv4.2 of 127.0.0.1:2049\n");
});

test("each probe has a line", () => {
  expect(oneOfEach().map((result) => probeLine(result, 10, PLAIN))).toEqual([
    "first-zero  DEVIATES      SEQUENCE OK; required: SEQ_MISORDERED on operation 0\n",
    "plain       pass          About plain\n",
    "other       permitted     BADSLOT; usual: MISORDERED\n",
    "open        inconclusive  the server is lost\n",
    "writing     skipped       there is no export to write to\n",
  ]);
});

test("what deviates is told in detail, then the numbers", () => {
  expect(probeClosing(probeReport(), PLAIN)).toBe(`
DEVIATES first-zero: Sequence id 0 on a fresh slot (NFSv4.1)
  required  SEQ_MISORDERED; the slot stays fresh. (RFC 8881 §18.36.4)
  permitted No result at all.
            c1 opened
  sent      c1: SEQUENCE seq 0 slot 0
  answered  SEQUENCE OK seq 0
  DEVIATES  SEQUENCE OK; required: SEQ_MISORDERED on operation 0
            … 1 later step
  known     ganesha succeeds.
  pynfs     SEQ1, SEQ2

5 probes in 7.50 ms: 1 deviates, 2 passed (1 in a permitted other way), 1 inconclusive and 1 skipped
`);
});

test("of a long story the end is told", () => {
  const steps = Array.from({ length: 100 }, (_, i) => exchangeStep(`request ${i}`, "OK"));
  const check = { kind: "check", atMillis: 1, verdict: "deviates", required: "a", observed: "b" } as const;
  const text = probeClosing(probeReport([resultLike({ verdict: "deviates", steps: [...steps, check] })]), PLAIN);
  expect(text).toContain("77 earlier steps");
  expect(text).not.toContain("request 76\n");
  expect(text).toContain("request 77\n");
});

test("colours only where they are wanted", () => {
  const colored = { ...PLAIN, isColored: true };
  expect(probeLine(resultLike({ verdict: "deviates" }), 1, colored)).toContain("\u001b[31mDEVIATES");
  expect(probeClosing(probeReport([resultLike()]), colored)).toContain("\u001b[32m");
  expect(probeClosing(probeReport([resultLike()]), PLAIN)).toBe("\n1 probe in 1.50 ms: 1 passed\n");
});

test("what the server says cannot move the cursor", () => {
  const steps = [exchangeStep(HOSTILE, HOSTILE)];
  const result = resultLike({ verdict: "deviates", reason: HOSTILE, steps, probe: probeLike({ requires: HOSTILE }) });
  expect(probeLine(result, 1, PLAIN) + probeClosing(probeReport([result]), PLAIN)).not.toMatch(
    /[\u001b\u009b\u202e\u2028\ud800]/,
  );
});

test("a run with hundreds of deviations stays readable", () => {
  const results = Array.from({ length: 120 }, () => resultLike({ verdict: "deviates" }));
  const text = probeClosing(probeReport(results), PLAIN);
  expect(text).toContain("70 more deviations");
  expect(text).toMatch(/120 deviate and 0 passed\n$/);
});
