import { describe, expect, test } from "vitest";
import { probes } from "../../src/probe/index.ts";
import { ruleFamilies } from "../../src/rules/index.ts";
import { faults } from "../../src/server/faults/index.ts";
import { analyzeBytes } from "../support/analyze-captures.ts";
import { embeddedRun } from "../support/embedded-run.ts";

/** `wrap` lets the test itself move a slot, which an onlooker must take for the server's doing. */
const ordinary = probes.filter(({ id, optIn }) => optIn === undefined && id !== "wrap");
/** Probes wait ten seconds for an answer, not a minute. */
const rules = [...ruleFamilies.values()]
  .flat()
  .map((rule) => (rule.id === "silent-drop" ? { ...rule, options: { patienceSeconds: 5 } } : rule));
const byId = new Map(probes.map((probe) => [probe.id, probe]));

describe("each fault of the server is noticed by the probes that must notice it, and by the analysis of their traffic", () => {
  test.each(faults.map((fault) => [fault.id, fault] as const))("%s", { timeout: 120_000 }, async (id, fault) => {
    const named = fault.probes.flatMap((name) => byId.get(name) ?? []);
    expect(named.map((probe) => probe.id)).toEqual(fault.probes);
    const run = await embeddedRun([...new Set([...ordinary, ...named])], [id]);
    const deviating = run.results.filter(({ verdict }) => verdict === "deviates").map(({ probe }) => probe.id);
    expect(deviating.sort()).toEqual([...fault.probes].sort());
    const { findings } = await analyzeBytes([run.capture], { rules });
    expect(findings.map(({ rule }) => rule.id)).toContain(id);
  });
});

test("without a fault nothing deviates, and the analysis blames no server", { timeout: 240_000 }, async () => {
  const run = await embeddedRun(ordinary, []);
  const deviating = run.results.filter(({ verdict }) => verdict === "deviates");
  expect(deviating.map(({ probe, reason }) => `${probe.id}: ${reason}`)).toEqual([]);
  const { findings } = await analyzeBytes([run.capture], { rules });
  const blamed = findings.filter(({ fault, severity }) => fault === "server" && severity === "error");
  expect(blamed.map(({ rule, message }) => `${rule.id}: ${message}`)).toEqual([]);
});
