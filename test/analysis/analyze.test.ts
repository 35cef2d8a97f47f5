import { describe, expect, test } from "vitest";
import type { AnalysisStream } from "../../src/analysis/analysis-stream.ts";
import { analyze } from "../../src/analysis/analyze.ts";
import { openCapture } from "../../src/capture/detect.ts";
import { openSource } from "../../src/sys/files.ts";

const SEQ13 = "fixtures/captures/pynfs-SEQ13.pcap";

async function open(...paths: string[]) {
  return Promise.all(paths.map(async (path) => openCapture(await openSource(path))));
}

describe("analyze", () => {
  test("counts frames, times and messages of a capture", async () => {
    const analysis = await analyze(await open(SEQ13));
    expect(analysis.captures).toMatchObject([
      { path: SEQ13, format: "pcap", compression: null, frames: 25, damage: [] },
    ]);
    expect(analysis.totals).toMatchObject({ frames: 25, tcpConnections: 1, sequenceCalls: 3, sequenceReplies: 3 });
    expect(analysis.coverage).toEqual({ records: 16, understood: 16, bytesLost: 0, gaps: 0, truncatedRecords: 0 });
    expect(analysis.limits).toEqual([]);
    expect(analysis.interrupted).toBe(false);
    expect(analysis.timeBase.format(analysis.captures[0]!.firstAt!)).toMatch(/^\d{10}\.\d{9}$/);
  });

  test("several captures are one analysis, each with its own frames", async () => {
    const analysis = await analyze(await open(SEQ13, "fixtures/captures/pynfs-SEQ8.pcap"));
    expect(analysis.captures.map(({ frames }) => frames)).toEqual([25, expect.any(Number)]);
    const rules = new Map(analysis.findings.map(({ rule, frames }) => [rule.id, frames.map(({ capture }) => capture)]));
    expect(new Set(rules.get("seq-gap"))).toEqual(new Set([0]));
    expect(new Set(rules.get("slot-beyond-table"))).toEqual(new Set([1]));
  });

  test("a signal ends it with what was seen so far", async () => {
    const analysis = await analyze(await open(SEQ13), { signal: { aborted: true } });
    expect(analysis.interrupted).toBe(true);
    expect(analysis.totals.frames).toBe(0);
  });

  test("progress tells bytes read and the total", async () => {
    const seen: [number, number | null][] = [];
    await analyze(await open(SEQ13), { onProgress: (read, total) => void seen.push([read, total]) });
    expect(seen.at(-1)).toEqual([seen.at(-1)![1], expect.any(Number)]);
  });

  test("only the rules that are asked for", async () => {
    expect((await analyze(await open(SEQ13), { rules: [] })).findings).toEqual([]);
  });

  test("a stream is told before the first frame, of each exchange, and waited for once a batch", async () => {
    const told: string[] = [];
    const stream: AnalysisStream = {
      handlers: { end: () => told.push("end") },
      exchanges: { answered: ({ xid }) => told.push(`answered ${xid}`), abandoned: () => told.push("abandoned") },
      begin: ([capture]) => told.push(`begin ${capture?.path} ${capture?.frames}`),
      occurrence: ({ alone }) => told.push(alone.rule.id),
      flush: async () => {
        await Promise.resolve();
        told.push("flush");
      },
    };
    const analysis = await analyze(await open(SEQ13), { stream });
    expect(told[0]).toBe(`begin ${SEQ13} 0`);
    expect(told.filter((word) => word.startsWith("answered"))).toHaveLength(analysis.totals.compounds[1]);
    expect(told.slice(-4)).toEqual(["flush", "seq-gap", "seq-behind", "end"]);
  });
});
