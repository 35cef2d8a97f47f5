import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/rules/finding.ts";
import { captureBytes, findCapture } from "../support/analyze-captures.ts";
import { complaints } from "../support/complaints.ts";
import { random } from "../support/random.ts";
import { UNDISTURBED } from "../support/stock-captures.ts";
import { findingsIn } from "./findings.ts";
import { KINDS } from "./kinds.ts";
import { mutate, placesFor } from "./mutation.ts";
import { framesOf, undisturbedTraffic } from "./real-traffic.ts";
import { slotsOf } from "./slot-exchanges.ts";
import { captureTraffic } from "./write-traffic.ts";

/** Real captures with frames missing or cut: nobody is accused for certain, and yet what is wrong is still seen. */

const IS_CI = process.env.CI === "true";
const SEEDS = IS_CI ? 200 : 20;
const RATES = [0.01, 0.02, 0.05, 0.1];
const SNAP_LENGTHS = Array.from({ length: 27 }, (_, i) => 96 + 16 * i);
/** Of each kind of mutation. */
const MUTATIONS = IS_CI ? 17 : 3;

/** Stock software, in trouble or not. */
const NAMES = [
  ...UNDISTURBED,
  "kn_blackout_v42",
  "kn_dropped2pct_v41",
  "kn_lease_expiry_v41",
  "kn_retransmit_head_v41",
  "kn_retransmit_v41",
  "kn_server_restart_v42",
].filter((name) => findCapture(name) !== null);

const captures = await Promise.all(
  NAMES.map(async (name) => {
    const kept = await framesOf(captureBytes(name));
    const frames = kept.map((frame) => ({ ...frame, offset: 0, length: frame.bytes.length }));
    return { name, frames, known: complaints(findingsIn(frames)).map(({ rule }) => rule.id) };
  }),
);

/** What tells a party that it is certainly wrong; `known`: rules that were broken indeed. */
function accusations(findings: readonly Finding[], known: readonly string[] = []): string[] {
  return complaints(findings)
    .filter(({ fault, confidence }) => (fault === "client" || fault === "server") && confidence === "certain")
    .filter(({ rule }) => !known.includes(rule.id))
    .map(({ rule, message, frames }) => `${rule.id}: ${message} (${frames.map(({ frame }) => frame).join(", ")})`);
}

describe("nobody is accused for certain", () => {
  test.each(RATES)("with %d of the frames missing", { timeout: 300_000 }, (rate) => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const { name, frames, known } = captures[seed % captures.length]!;
      const next = random(seed + rate * 1e6);
      const thinned = frames.filter(() => next() >= rate);
      expect(accusations(findingsIn(thinned), known), `${name}, seed ${seed}`).toEqual([]);
    }
  });

  test.each(captures)("$name with any snap length", { timeout: 300_000 }, ({ frames, known }) => {
    for (const snap of SNAP_LENGTHS) {
      const cut = frames.map((frame) => ({ ...frame, length: Math.min(frame.length, snap) }));
      expect(accusations(findingsIn(cut), known), `${snap} bytes`).toEqual([]);
    }
  });
});

describe("with one frame in a hundred missing", async () => {
  const healthy = (await undisturbedTraffic()).map((each) => ({ ...each, slots: slotsOf(each.traffic) }));
  let wanted = 0;
  let named = 0;

  test.each(KINDS)("%s", { timeout: 120_000 }, (_, kind) => {
    const places = placesFor(kind, healthy);
    for (let seed = 0; seed < MUTATIONS; seed++) {
      const { name, traffic, slots } = places[seed % places.length]!;
      const next = random(seed);
      const mutation = mutate(kind, traffic, slots, next);
      if (mutation === null) continue;
      const { expected } = mutation;
      const { frames, frameOf } = captureTraffic(mutation.traffic);
      const own = new Set(expected.flatMap(({ messages }) => messages.map((message) => frameOf.get(message))));
      const findings = findingsIn(frames.filter(({ number }) => own.has(number) || next() >= 0.01));
      const isNamed = ({ rule, slot }: (typeof expected)[number]) =>
        findings.some((finding) => finding.rule.id === rule && finding.slot === slot);
      wanted += expected.length;
      named += expected.filter(isNamed).length;
      const others = findings.filter(({ rule }) => !expected.some((each) => each.rule === rule.id));
      expect(accusations(others), `${name}, seed ${seed}`).toEqual([]);
    }
  });

  test("nine misdeeds of ten are still named", () => {
    expect(wanted).toBeGreaterThan(MUTATIONS * KINDS.length * 0.5);
    expect(named / wanted).toBeGreaterThan(0.9);
  });
});
