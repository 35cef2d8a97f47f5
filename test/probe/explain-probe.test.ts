import { expect, test } from "vitest";
import { explainProbe } from "../../src/probe/explain-probe.ts";
import { expectGolden } from "../support/golden.ts";
import { probeLike } from "../support/probe-results.ts";

const OPTIONS = { width: 80, isColored: false };

test("everything there is to know of a probe", () => {
  const probe = probeLike({
    permits: "No result at all.",
    pynfs: ["SEQ1", "SEQ2"],
    knownDeviations: "Some servers succeed.",
    optIn: "waits three lease periods",
    writes: true,
  });
  const text = explainProbe(probe, "first-requests", ["seq-gap", "seq-behind"], OPTIONS);
  expectGolden("probe/golden/explain.txt", text);
});

test("what a probe does not have is not mentioned", () => {
  const text = explainProbe(probeLike(), "first-requests", [], OPTIONS);
  for (const title of ["pynfs", "permitted", "deviate", "--fault", "--export", "only when named"]) {
    expect(text).not.toContain(title);
  }
});
