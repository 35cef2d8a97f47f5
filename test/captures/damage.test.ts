import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { textReport } from "../../src/report/text.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { analyzeBytes, captureBytes } from "../support/analyze-captures.ts";
import { FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { integer, pick, random } from "../support/random.ts";
import { sequenceTruth } from "../support/sequence-messages.ts";

const SEEDS = process.env.CI === "true" ? 2000 : 200;
/** Cuts of one capture, in rising order. */
const CUTS = 8;

const NAMES = [
  "kn_mount_v41",
  "gn_mount_v41",
  "kn_deleg_recall_v41",
  "kn_lease_expiry_v41",
  "kn_nano_v42",
  "kn_any_sll2_v42",
  "kn_multi_if_v41",
] as const;

const loaded = NAMES.map((name) => ({ name, bytes: captureBytes(name), truth: messagesByFrame(name) }));

/** How many SEQUENCE calls and replies are complete with each frame, callbacks left out. */
function messagesByFrame(name: string): { frame: number; kind: "call" | "reply" }[] {
  const lines = (sequenceTruth(name) ?? []).map((line) => /^(\d+) \w+ fore (call|reply)/.exec(line));
  return lines
    .filter((match) => match !== null)
    .map(([, frame, kind]) => ({ frame: Number(frame), kind: kind as "call" }));
}

/** The analysis of damaged bytes; null when there is nothing to read in them at all. */
async function analyzeDamaged(bytes: Uint8Array): Promise<Analysis | null> {
  try {
    return await analyzeBytes([bytes]);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** Both reports can be written of it, whatever it holds. */
function render(analysis: Analysis): void {
  JSON.parse([...jsonReport(analysis, EVERYTHING)].join(""));
  textReport(analysis, EVERYTHING, { width: 80, isColored: false });
}

function countsOf({ totals, servers, captures }: Analysis) {
  return {
    frames: captures[0]?.frames ?? 0,
    calls: totals.sequenceCalls,
    replies: totals.sequenceReplies,
    rpcCalls: totals.rpcCalls,
    connections: totals.tcpConnections,
    sessions: servers.reduce((sum, server) => sum + server.sessions.size, 0),
  };
}

/** Runs `check` for every seed; a failure names its seed. */
async function forSeeds(check: (next: () => number) => Promise<void>, step = 1): Promise<void> {
  for (let seed = 1; seed <= SEEDS; seed += step) {
    try {
      await check(random(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
}

const TIMEOUT = 300_000;

describe("damaged captures", () => {
  test(
    "cut anywhere: all that is whole before the cut is told, and a later cut never tells less",
    async () => {
      await forSeeds(async (next) => {
        const { bytes, truth } = pick(next, loaded);
        const cuts = Array.from({ length: CUTS }, () => integer(next, 0, bytes.length)).sort((a, b) => a - b);
        let before: ReturnType<typeof countsOf> | null = null;
        for (const cut of cuts) {
          const analysis = await analyzeDamaged(bytes.subarray(0, cut));
          if (analysis === null) {
            expect(before, `unreadable at ${cut}`).toBeNull();
            continue;
          }
          render(analysis);
          const counts = countsOf(analysis);
          const whole = truth.filter(({ frame }) => frame <= counts.frames);
          expect(counts.calls).toBeGreaterThanOrEqual(whole.filter(({ kind }) => kind === "call").length);
          expect(counts.replies).toBeGreaterThanOrEqual(whole.filter(({ kind }) => kind === "reply").length);
          for (const [name, count] of Object.entries(before ?? {}))
            expect(counts[name as keyof typeof counts], `${name} at ${cut}`).toBeGreaterThanOrEqual(count);
          before = counts;
        }
      }, CUTS);
    },
    TIMEOUT,
  );

  test(
    "bytes overwritten, dropped or doubled: no other error than InputError, and reports of the rest",
    async () => {
      await forSeeds(async (next) => {
        const analysis = await analyzeDamaged(mutated(pick(next, loaded).bytes, next));
        if (analysis === null) return;
        render(analysis);
        expect(analysis.findings.length).toBeLessThan(500);
      });
    },
    TIMEOUT,
  );

  test(
    "a packed capture, cut: what could be unpacked is told, and so is the damage",
    async () => {
      const packed = readFileSync(`${FIXTURE_CAPTURES}/kn_meta_v41.pcap.gz`);
      const truth = messagesByFrame("kn_meta_v41");
      await forSeeds(async (next) => {
        const analysis = await analyzeDamaged(packed.subarray(0, integer(next, 0, packed.length - 1)));
        if (analysis === null) return;
        const { frames, calls, replies } = countsOf(analysis);
        const whole = truth.filter(({ frame }) => frame <= frames);
        expect(calls + replies).toBeGreaterThanOrEqual(whole.length);
        expect(analysis.captures[0]?.damage.length).toBeGreaterThan(0);
      }, 4);
    },
    TIMEOUT,
  );
});

function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let changes = integer(next, 1, 20); changes > 0; changes--) {
    const at = integer(next, 0, changed.length - 1);
    const length = integer(next, 1, 64);
    if (changed.length < 4) break;
    const kind = integer(next, 0, 6);
    if (kind === 6) writeWord(changed, at, next);
    else if (kind <= 2) changed[at] = integer(next, 0, 255);
    else if (kind === 3) changed.fill(pick(next, [0, 0x7f, 0x80, 0xff]), at, at + 4);
    else if (kind === 4) changed = joined(changed.subarray(0, at), changed.subarray(at + length));
    else changed = joined(changed.subarray(0, at + length), changed.subarray(at));
  }
  return changed;
}

/** Numbers that mean something to XDR: operations, statuses, counts, lengths. */
function writeWord(bytes: Uint8Array, at: number, next: () => number): void {
  const word = pick(next, [integer(next, 0, 80), integer(next, 10_000, 10_100), integer(next, 0, 2000), 0xffff_ffff]);
  new DataView(bytes.buffer).setUint32(Math.min(at, bytes.length - 4), word);
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
