import { describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { textReport } from "../../src/report/text.ts";
import {
  analysisWithGap,
  capture,
  emptyAnalysis,
  finding,
  oneSession,
  ruleLike,
  sighting,
  totals,
} from "../support/analysis-fixture.ts";
import { expectGolden } from "../support/golden.ts";

function report(analysis: Analysis, width = 100, isColored = false): string {
  return textReport(analysis, EVERYTHING, { width, isColored });
}

const firstLine = (text: string) => text.slice(0, text.indexOf("\n"));

describe("golden reports", () => {
  const manySlots = analysisWithGap({
    occurrences: 12,
    samples: [16, 18, 20, 22].map((frame) => [sighting(frame), sighting(frame + 1)]),
    lastAt: sighting(24).at,
    confidence: "likely",
    downgrades: ["H", "M"],
  });
  const damage = { offset: 123_456, frame: 900, kind: "bad-length" as const, message: "packet length 4294967280" };
  const damaged = emptyAnalysis({
    captures: [
      capture("a.pcap", { damage: [damage], frames: 1062, truncatedFrames: 12 }),
      capture("b.pcapng.gz", { format: "pcapng", compression: "gzip", droppedFrames: 1203, damageOmitted: 7 }),
    ],
    totals: totals({ frames: 1087, unansweredCalls: 2, callbackCalls: 4, otherRpc: new Map([["100003.3", 12]]) }),
    servers: [oneSession().server],
    findings: [
      finding({
        severity: "note",
        fault: "none",
        rule: ruleLike({ id: "seq-wrap", severity: "note" }),
        message: "slot 0 passed 0xffffffff",
        frames: [sighting(7, 1)],
      }),
      finding({
        severity: "warning",
        fault: "capture",
        rule: ruleLike({
          id: "capture-gap",
          severity: "warning",
          title: "Bytes are missing from the capture",
          rfc: null,
        }),
        frames: [sighting(9), sighting(2, 1)],
      }),
    ],
    coverage: { records: 1043, understood: 1040, bytesLost: 1448, gaps: 1, truncatedRecords: 3 },
    limits: [{ name: "unanswered calls", bound: 65_536, dropped: 17 }],
  });

  test.each([
    ["gap", analysisWithGap(), 100],
    ["gap-narrow", analysisWithGap(), 60],
    ["folded", manySlots, 100],
    ["healthy", emptyAnalysis({ servers: [oneSession().server] }), 100],
    ["damaged", damaged, 100],
  ] as const)("%s", (name, analysis, width) => {
    expectGolden(`report/golden/${name}.txt`, report(analysis, width));
  });
});

test("the first line says whether something is wrong, and who is at fault", () => {
  expect(firstLine(report(analysisWithGap()))).toBe("1 error in pynfs-SEQ13.pcap: the client is at fault");
});

test.each([
  ["No misuse found: 1 session, 3 SEQUENCE calls in a.pcap.", emptyAnalysis({ servers: [oneSession().server] })],
  [
    "No packets in a.pcap.",
    emptyAnalysis({ captures: [capture("a.pcap", { frames: 0 })], totals: totals({ sequenceCalls: 0 }) }),
  ],
  [
    "No NFSv4.1 sessions in a.pcap: all 5 compounds are NFSv4.0, which has none.",
    emptyAnalysis({ totals: totals({ sequenceCalls: 0, compounds: [5, 0, 0] }) }),
  ],
  [
    "No NFSv4.1 sessions in a.pcap: 16 RPC records, none of NFSv4.",
    emptyAnalysis({ totals: totals({ sequenceCalls: 0, compounds: [0, 0, 0] }) }),
  ],
  [
    "No NFS over TCP in a.pcap: 25 frames read.",
    emptyAnalysis({
      totals: totals({ sequenceCalls: 0, compounds: [0, 0, 0] }),
      coverage: { records: 0, understood: 0, bytesLost: 0, gaps: 0, truncatedRecords: 0 },
    }),
  ],
])("first line: %s", (line, analysis) => {
  expect(firstLine(report(analysis))).toBe(line);
});

test("without a certain finding the blame is only probable", () => {
  expect(firstLine(report(analysisWithGap({ confidence: "likely" })))).toContain("the client is probably at fault");
  expect(firstLine(report(analysisWithGap({ fault: "unknown" })))).toBe("1 error in pynfs-SEQ13.pcap");
});

test("what the network did is no peer's fault", () => {
  const lost = analysisWithGap({ fault: "network", severity: "warning" });
  expect(firstLine(report(lost))).toBe("1 warning in pynfs-SEQ13.pcap: the network's doing, no peer is accused");
});

test("a clean verdict on a holey capture says what it does not cover", () => {
  const coverage = { records: 100, understood: 99, bytesLost: 10, gaps: 1, truncatedRecords: 0 };
  const text = report(emptyAnalysis({ coverage }));
  expect(text.replaceAll("\n", " ")).toMatch(/^No misuse found: .* What is missing from the capture was not judged\./);
  expect(text).toContain("99 % of 100 RPC records understood, 10 bytes lost in 1 gap");
});

test("errors come before warnings, notes last, whatever the order in the capture", () => {
  const findings = [
    finding({ severity: "note", rule: ruleLike({ id: "rule-n" }) }),
    finding({ severity: "warning", rule: ruleLike({ id: "rule-w" }) }),
    finding({ rule: ruleLike({ id: "rule-e" }) }),
  ];
  const text = report(emptyAnalysis({ findings }));
  expect(text.indexOf("rule-e")).toBeLessThan(text.indexOf("rule-w"));
  expect(text.indexOf("rule-w")).toBeLessThan(text.indexOf("rule-n"));
});

test("a flood of findings is cut and counted by rule", () => {
  const findings = Array.from({ length: 30 }, (_, slot) => finding({ slot }));
  expect(report(emptyAnalysis({ findings }))).toContain("… and 10 more findings: 10 seq-gap (all with --format json)");
});

test("lines keep to the terminal's width, but filters stay in one piece", () => {
  for (const width of [40, 60, 80, 120]) {
    const lines = report(analysisWithGap(), width).split("\n");
    const prose = lines.filter((line) => /^ {2}(what|where|expected|proof|read) /.test(line));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(Math.max(width, 12 + longestWord(line)));
    expect(lines.filter((line) => line.includes("nfs.session_id4"))).toHaveLength(1);
  }
});

function longestWord(line: string): number {
  return Math.max(...line.split(" ").map((word) => word.length));
}

test("colours only when asked for", () => {
  expect(report(analysisWithGap(), 100, true)).toContain("\u001b[31m");
  expect(report(analysisWithGap(), 100, false)).not.toContain("\u001b");
});

const differing = (values: object) => ({
  slotBefore: null,
  slotAfter: null,
  firstDifference: { operation: 2, name: "LOOKUP", path: "lookup.objname", before: '"a"', after: '"b"', ...values },
});

test("in what two requests under one sequence id differ", () => {
  expect(report(analysisWithGap({ evidence: differing({}) }), 100)).toContain(
    '  differs   operation 2, LOOKUP: lookup.objname was "a", now "b"\n',
  );
  const operations = differing({ path: "operation", before: "LOOKUP", after: "none" });
  expect(report(analysisWithGap({ evidence: operations }), 100)).toContain("operation 2 was LOOKUP, now none\n");
});

test("nothing from a capture reaches the terminal unescaped", () => {
  const evil = "\u001b[2J\u009b\u202e\r\n\u0007";
  const { server, session } = oneSession();
  const analysis = emptyAnalysis({
    captures: [
      capture(evil, { damage: [{ offset: 0, frame: 0, kind: "bad-block", message: evil }] }),
      capture(`second${evil}`),
    ],
    servers: [server],
    findings: [
      finding({ session, message: evil, slot: 1, expected: { text: evil }, actual: { text: evil } }),
      finding({ severity: "note", message: evil }),
      finding({ evidence: differing({ path: evil, before: evil, after: evil }), session }),
    ],
    limits: [{ name: evil, bound: 1, dropped: 1 }],
    totals: totals({ otherRpc: new Map([[evil, 1]]) }),
  });
  expect(report(analysis)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});
