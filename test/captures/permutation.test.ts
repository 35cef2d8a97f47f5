import { describe, expect, test } from "vitest";
import { analyzeBytes, captureBytes } from "../support/analyze-captures.ts";
import { writePcap } from "../support/capture-writer.ts";
import { conversationOf } from "../support/conversation-report.ts";
import { memorySource } from "../support/memory-source.ts";
import { integer, random } from "../support/random.ts";
import { type KeptFrame, readCapture } from "../support/read-capture.ts";
import { resegmented } from "../support/resegment.ts";

/** The same conversation, captured in other ways: the analysis may not differ. */
const NAMES = [
  "pynfs-SEQ13",
  "pynfs-SEQ10b",
  "kn_mount_v41",
  "kn_deleg_recall_v41",
  "kn_lease_expiry_v41",
  "kn_meta_v41",
];
const SEEDS = [1, 2, 3];

async function framesOf(name: string): Promise<KeptFrame[]> {
  return (await readCapture(memorySource(captureBytes(name)))).frames;
}

function pcapOf(frames: readonly KeptFrame[]): Uint8Array {
  return writePcap({ nanos: true, linkType: frames[0]?.linkType ?? 1 }, frames);
}

describe("split into many files at frame borders", () => {
  for (const name of NAMES) {
    test.each(SEEDS)(`${name}, seed %i`, async (seed) => {
      const next = random(seed);
      const frames = await framesOf(name);
      const parts: Uint8Array[] = [];
      for (let from = 0; from < frames.length; ) {
        const to = Math.min(frames.length, from + integer(next, 1, 40));
        parts.push(pcapOf(frames.slice(from, to)));
        from = to;
      }
      const shuffled = parts.map((part) => ({ part, order: next() })).sort((a, b) => a.order - b.order);
      const whole = await analyzeBytes([pcapOf(frames)]);
      const split = await analyzeBytes(shuffled.map(({ part }) => part));
      expect(conversationOf(split)).toEqual(conversationOf(whole));
      expect(split.totals.frames).toBe(frames.length);
    });
  }
});

describe("TCP segments cut elsewhere", () => {
  for (const name of NAMES) {
    test.each(SEEDS)(`${name}, seed %i`, async (seed) => {
      const frames = await framesOf(name);
      const cut = resegmented(frames, random(seed));
      expect(cut.length).toBeGreaterThan(frames.length);
      const whole = conversationOf(await analyzeBytes([pcapOf(frames)]));
      const other = conversationOf(await analyzeBytes([pcapOf(cut)]));
      expect(other).toEqual(whole);
    });
  }

  for (const name of NAMES) {
    test.each(SEEDS)(`${name}, and delivered in another order, seed %i`, async (seed) => {
      const frames = await framesOf(name);
      const cut = resegmented(frames, random(seed), true);
      expect(conversationOf(await analyzeBytes([pcapOf(cut)]))).toEqual(
        conversationOf(await analyzeBytes([pcapOf(frames)])),
      );
    });
  }
});

describe("seen by several interfaces at once", () => {
  test.each(NAMES)("%s: each packet twice, a little later", async (name) => {
    const frames = await framesOf(name);
    const echo = frames.map((frame) => later(frame, 20_000));
    const whole = conversationOf(await analyzeBytes([pcapOf(frames)]));
    const twice = conversationOf(await analyzeBytes([pcapOf(frames), pcapOf(echo)]));
    expect(twice).toEqual(whole);
  });

  test.each(NAMES)("%s: the client's interface and the server's, a hop apart", async (name) => {
    const frames = await framesOf(name);
    const hop = frames.map((frame) => later(routed(frame), 40_000));
    const whole = conversationOf(await analyzeBytes([pcapOf(frames)]));
    const both = conversationOf(await analyzeBytes([pcapOf(frames), pcapOf(hop)]));
    expect(both).toEqual(whole);
  });
});

function later(frame: KeptFrame, nanos: number): KeptFrame {
  const total = frame.nanos + nanos;
  return { ...frame, seconds: frame.seconds + Math.floor(total / 1e9), nanos: total % 1e9 };
}

/** As a router passes it on: another Ethernet header, one hop less to live, the checksum mended. */
function routed(frame: KeptFrame): KeptFrame {
  const bytes = Uint8Array.from(frame.bytes);
  bytes.fill(0x77, 0, 12);
  if (bytes[12] === 0x08 && bytes[13] === 0x00) {
    bytes[22]!--;
    const sum = ((bytes[24]! << 8) | bytes[25]!) + 0x0100;
    const folded = (sum & 0xffff) + (sum >>> 16);
    bytes[24] = folded >>> 8;
    bytes[25] = folded & 0xff;
  }
  return { ...frame, bytes };
}
