import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Analysis } from "../../../src/analysis/analysis.ts";
import { analyzeFiles } from "../../support/analyze-captures.ts";
import { complaints } from "../../support/complaints.ts";
import { writeBulk } from "./bulk.ts";
import { writeLossy } from "./lossy.ts";
import { writeManySessions } from "./many-sessions.ts";
import { writeMetadata } from "./metadata.ts";
import type { Traffic } from "./traffic.ts";

const folder = mkdtempSync(join(tmpdir(), "slotshark-inputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a capture and reads it again, once for the tests of a group. */
function written(write: (path: string, factor: number) => Traffic, factor: number) {
  const it = {} as { path: string; traffic: Traffic; analysis: Analysis };
  beforeAll(async () => {
    it.path = join(folder, `${write.name}.pcap`);
    it.traffic = write(it.path, factor);
    it.analysis = await analyzeFiles([it.path]);
  });
  return it;
}

function expectHealthy({ traffic, analysis }: { traffic: Traffic; analysis: Analysis }): void {
  const { totals, coverage, findings } = analysis;
  expect(totals).toMatchObject({ sequenceCalls: traffic.calls, sequenceReplies: traffic.calls, unansweredCalls: 0 });
  expect(coverage).toMatchObject({ understood: coverage.records, bytesLost: 0, gaps: 0, truncatedRecords: 0 });
  expect(complaints(findings).map(({ rule }) => rule.id)).toEqual([]);
}

const sessionsOf = ({ servers }: Analysis) => servers.flatMap(({ sessions }) => [...sessions.values()]);

describe("metadata", () => {
  const it = written(writeMetadata, 0.01);

  test("is understood to its last byte, and nobody is accused", () => expectHealthy(it));

  test("has the shape that is promised", () => {
    const { totals } = it.analysis;
    expect(sessionsOf(it.analysis).map(({ fore }) => fore.slots.length)).toEqual(new Array(8).fill(30));
    expect(totals).toMatchObject({
      frames: it.traffic.frames,
      tcpConnections: 16,
      compounds: [0, expect.any(Number), 0],
    });
    expect(it.traffic.bytes / it.traffic.frames).toBeCloseTo(292, -1);
    expect(it.traffic.late / it.traffic.frames).toBeCloseTo(0.01, 3);
    const messages = totals.rpcCalls + totals.rpcReplies;
    expect(messages / it.traffic.frames).toBeCloseTo(1.04 / 1.14, 1);
  });

  test("is the same every time", () => {
    const again = join(folder, "again.pcap");
    writeMetadata(again, 0.01);
    expect(readFileSync(again).equals(readFileSync(it.path))).toBe(true);
  });
});

describe("lossy", () => {
  const it = written(writeLossy, 0.01);

  test("lacks 23 % of the frames", () => {
    expect(it.traffic.lost / (it.traffic.lost + it.traffic.frames)).toBeCloseTo(0.23, 1.5);
  });

  test("accuses nobody", () => {
    const accused = complaints(it.analysis.findings).filter(({ fault }) => fault !== "capture");
    expect(accused.map(({ rule }) => rule.id)).toEqual([]);
  });
});

describe("bulk", () => {
  const it = written(writeBulk, 0.01);

  test("is understood to its last byte, and nobody is accused", () => expectHealthy(it));

  test("has the shape that is promised", () => {
    expect(it.traffic.bytes / it.traffic.frames).toBeCloseTo(1507, -2);
  });
});

describe("many sessions", () => {
  const it = written(writeManySessions, 0.01);

  test("are understood to the last byte, and nobody is accused", () => expectHealthy(it));

  test("are as many as promised", () => {
    expect(sessionsOf(it.analysis)).toHaveLength(100);
  });
});
