import { describe, expect, test } from "vitest";
import { capacityProbes } from "../../src/probe/capacity/index.ts";
import { faultsFor, noticing, probeEmbedded } from "../support/embedded-probes.ts";

const named = (id: string) => capacityProbes.find((probe) => probe.id === id)!;
/** A thousand sessions a time are too many to go through all faults. */
const quick = capacityProbes.filter(({ id }) => id !== "session-id-uniqueness");

describe.each([1, 2])("probes of capacity, minor version %d", (minorVersion) => {
  test.each(capacityProbes)("$id", async (probe) => {
    const { verdict, reason } = await probeEmbedded(probe, {}, { minorVersion });
    expect(verdict, reason).toBe("pass");
  });
});

test.each(faultsFor(quick))("%s is noticed by %j and no others", async (fault, mustNotice) => {
  expect(await noticing(quick, fault)).toEqual(mustNotice);
});

test("session-id-uniqueness tells how far apart session ids lie", async () => {
  const { steps } = await probeEmbedded(named("session-id-uniqueness"));
  const mean = steps.flatMap((step) => (step.kind === "note" ? (/differ in ([\d.]+) bits/.exec(step.text) ?? []) : []));
  expect(Number(mean[1])).toBeCloseTo(64, -1);
});

describe("sessions-per-client", () => {
  test("permits a server that has enough", async () => {
    const few = await probeEmbedded(named("sessions-per-client"), { server: { sessionsMax: 5 } });
    expect(few.verdict).toBe("pass-alternative");
    expect(few.reason).toContain("NFS4ERR_NOSPC");
    const texts = (result: typeof few) => result.steps.flatMap((step) => (step.kind === "note" ? [step.text] : []));
    expect(texts(few)).toContain("5 sessions of one client");
    const narrow = await probeEmbedded(named("sessions-per-client"), { server: { connectionsMax: 9 } });
    expect(narrow.verdict).toBe("pass");
    expect(texts(narrow)).toContain("9 connections of one session");
  });
});
