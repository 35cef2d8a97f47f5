import { describe, expect, test } from "vitest";
import { analyzeBytes } from "../support/analyze-captures.ts";
import { writePcap } from "../support/capture-writer.ts";
import { conversationOf } from "../support/conversation-report.ts";
import { pick, random } from "../support/random.ts";
import type { KeptFrame } from "../support/read-capture.ts";
import { resegmented } from "../support/resegment.ts";
import { KINDS } from "./kinds.ts";
import { mutate, placesFor } from "./mutation.ts";
import { undisturbedTraffic } from "./real-traffic.ts";
import { slotsOf } from "./slot-exchanges.ts";
import { captureTraffic } from "./write-traffic.ts";

/** However TCP and the capture cut, order and repeat what a misbehaving party sent: it is told in the same words. */

const SEEDS = process.env.CI === "true" ? 4 : 1;
/** Larger ones take too long. */
const EVENTS_MAX = 500;

const captures = (await undisturbedTraffic())
  .map((each) => ({ ...each, slots: slotsOf(each.traffic) }))
  .filter(({ traffic }) => traffic.length <= EVENTS_MAX);

const WAYS: Readonly<Record<string, (frames: readonly KeptFrame[], next: () => number) => readonly KeptFrame[]>> = {
  "cut into smaller segments": (frames, next) => resegmented(frames, next),
  "cut, and delivered in another order": (frames, next) => resegmented(frames, next, true),
  "recorded twice": (frames, next) => frames.flatMap((frame) => (next() < 0.3 ? [frame, { ...frame }] : [frame])),
};

describe.each(KINDS)("%s", (_, kind) => {
  const places = placesFor(kind, captures);

  test.skipIf(places.length === 0).each(Object.entries(WAYS))("%s", { timeout: 60_000 }, async (_way, change) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const next = random(seed);
      const { name, traffic, slots } = pick(next, places);
      const mutation = mutate(kind, traffic, slots, next);
      if (mutation === null) continue;
      const { frames } = captureTraffic(mutation.traffic);
      const whole = conversationOf(await analyzeBytes([pcapOf(frames)]));
      const other = conversationOf(await analyzeBytes([pcapOf(change(frames, next))]));
      expect(other, `${name}, seed ${seed}`).toEqual(whole);
    }
  });
});

function pcapOf(frames: readonly KeptFrame[]): Uint8Array {
  return writePcap({ nanos: true, linkType: 101 }, frames);
}
