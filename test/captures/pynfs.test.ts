import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/rules/finding.ts";
import { analyzeFiles, findCapture } from "../support/analyze-captures.ts";
import { captureFiles, FIXTURE_CAPTURES } from "../support/capture-files.ts";

/**
 * What each of pynfs' tests is found to do: every warning and error, and the notes that explain it, as
 * `severity rule frames [slot]`. Requests that pynfs does not have cached on purpose are listed apart.
 */
const FOUND: Record<string, readonly string[]> = {
  COUR1: ["warning lease-expired-use 21,22 slot 0"],
  CSESS1: [],
  CSESS2: [],
  CSESS23: ["error not-only-op 10,11", "note zero-results-wrong-status 10,11"],
  CSESS25: ["warning channel-too-small 10,11"],
  CSESS26: ["note read-exceeds-channel 14,15"],
  CSESS27: ["warning destroy-clientid-busy 15,16", "note read-exceeds-channel 13,14"],
  CSESS4: ["error create-session-first-seq 9,10,11"],
  CSESS5: ["note create-session-replay 10,11,12,13", "warning destroy-clientid-busy 14,15"],
  CSESS7: ["error create-session-seq 10,12,13", "warning destroy-clientid-busy 14,15"],
  CSESS9: ["warning owner-collision 10,11"],
  DESCID3: ["note create-session-stale 8,9"],
  DESCID5: ["warning destroy-clientid-busy 12,13 slot 0"],
  DSESS1: ["warning use-after-destroy 15,16,17 slot 0", "warning use-after-destroy 15,24,25"],
  DSESS9001: ["note destroy-session-unbound-conn 12,15,17", "warning use-after-destroy 22,23,24"],
  DSESS9004: ["error destroy-session-position 12,13 slot 2"],
  EID5e: ["note create-session-stale 18,19", "warning use-after-destroy 14,20,21"],
  EID5f: [
    "note create-session-stale 24,25",
    "warning use-after-clientid-gone 17,18,19 slot 0",
    "warning use-after-clientid-gone 17,20,21",
  ],
  EID8: ["error not-only-op 8,9", "note zero-results-wrong-status 8,9"],
  REBT1: ["note create-session-stale 72,74", "note create-session-stale 90,91"],
  RECC1: [],
  RECC4: ["warning reclaim-complete-twice 12,13,14,15 slot 0"],
  SEQ10b: [
    "warning cachethis-retry-uncached 16,17,18,19 slot 0",
    "warning retry-after-reply 16,17,18,19 slot 0",
    "note retry-new-xid 16,18 slot 0",
  ],
  SEQ11: ["error missing-sequence 10,11", "note zero-results-wrong-status 10,11"],
  SEQ12: [],
  SEQ13: ["error seq-behind 12,16,17 slot 2", "error seq-gap 12,14,15 slot 2"],
  SEQ2: ["error sequence-not-first 12,13 slot 1"],
  SEQ4: [],
  SEQ5: ["warning unknown-session 8,9 slot 0"],
  SEQ7: ["error max-ops-exceeded 14,15 slot 0"],
  SEQ8: ["error slot-beyond-table 12,13 slot 8"],
  SEQ9a: ["warning retry-after-reply 12,13,14,15 slot 0", "note retry-new-xid 12,14 slot 0"],
  SEQ9b: ["warning retry-after-reply 20,21,22,23 slot 0", "note retry-new-xid 20,22 slot 0"],
  SEQ9e: [
    "error op-beyond-minor 13,14 slot 0",
    "warning retry-after-reply 13,14,15,16 slot 0",
    "note retry-new-xid 13,15 slot 0",
  ],
  SEQ9f: ["warning retry-after-reply 12,13,14,15 slot 0", "note retry-new-xid 12,14 slot 0"],
  TRUNK1: [],
};

/** First frame of an OPEN, REMOVE, … that pynfs sent with sa_cachethis clear: true, and beside the point of its tests. */
const UNCACHED: Record<string, number> = { COUR1: 14, DSESS1: 20, REBT1: 18, SEQ10b: 14, SEQ9b: 18 };

const CACHING = "uncached-nonidempotent";
const EXPLAINING_NOTES = new Set([
  "read-exceeds-channel",
  "zero-results-wrong-status",
  "create-session-replay",
  "create-session-stale",
  "destroy-session-unbound-conn",
  "retry-new-xid",
]);

function tell({ severity, rule, frames, slot }: Finding): string {
  const at = frames.map(({ frame }) => frame).join(",");
  return `${severity} ${rule.id} ${at}${slot === null ? "" : ` slot ${slot}`}`;
}

async function findingsOf(name: string): Promise<readonly Finding[]> {
  return (await analyzeFiles([findCapture(`pynfs-${name}`) ?? ""])).findings;
}

const byRule = (line: string) => line.split(" ")[1] as string;

describe("pynfs' deliberate misuse", () => {
  test("every capture is in the table", () => {
    const names = captureFiles(FIXTURE_CAPTURES).map((path) => /pynfs-(\w+)\.pcap$/.exec(path)?.[1]);
    expect(Object.keys(FOUND).sort()).toEqual(names.filter((name) => name !== undefined).sort());
  });

  test.each(Object.entries(FOUND))("%s", async (name, expected) => {
    const findings = (await findingsOf(name)).filter(({ rule }) => rule.id !== CACHING);
    const told = findings.filter(({ severity, rule }) => severity !== "note" || EXPLAINING_NOTES.has(rule.id));
    const sorted = told.map(tell).sort((a, b) => (byRule(a) < byRule(b) ? -1 : byRule(a) > byRule(b) ? 1 : 0));
    expect(sorted).toEqual(expected);
  });

  test("who is at fault, and how sure that is", async () => {
    const sure = await Promise.all(
      ["SEQ13", "SEQ8", "SEQ2", "SEQ7", "SEQ9e", "SEQ11", "CSESS4", "CSESS7", "CSESS23", "DSESS9004", "EID8"].map(
        async (name) => (await findingsOf(name)).filter(({ severity }) => severity === "error"),
      ),
    );
    for (const { fault, confidence, downgrades } of sure.flat())
      expect({ fault, confidence, downgrades }).toEqual({ fault: "client", confidence: "certain", downgrades: [] });
    expect(sure.flat()).toHaveLength(12);
  });

  test("SEQ13 says which sequence id was right and what the server said", async () => {
    const gap = (await findingsOf("SEQ13")).find(({ rule }) => rule.id === "seq-gap");
    expect(gap).toMatchObject({ slot: 2, seq: 3, channel: "fore", expected: { seq: 2 }, actual: { status: [10063] } });
    expect(gap?.message).toContain("slot 2 jumped from seq 1 to 3");
    expect(gap?.evidence.slotBefore).toMatchObject({ lastSeq: 1 });
  });

  test.each(Object.keys(FOUND))("%s: requests left uncached", async (name) => {
    const uncached = (await findingsOf(name)).filter(
      ({ rule, severity }) => rule.id === CACHING && severity === "warning",
    );
    const first = uncached[0]?.frames[0]?.frame;
    expect(first).toBe(UNCACHED[name]);
    expect(uncached.every(({ fault }) => fault === "client")).toBe(true);
  });
});
