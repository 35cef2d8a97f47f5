import { describe, expect, test } from "vitest";
import { complaints } from "../support/complaints.ts";
import { random } from "../support/random.ts";
import { compared, findingsIn } from "./findings.ts";
import { KINDS } from "./kinds.ts";
import { mutate, placesFor } from "./mutation.ts";
import { undisturbedTraffic } from "./real-traffic.ts";
import { slotsOf } from "./slot-exchanges.ts";
import { captureTraffic } from "./write-traffic.ts";

/** Healthy traffic of stock software, changed in one place: told by the right rule, at the right frames, and nothing else is. */

const MUTATIONS = process.env.CI === "true" ? 2400 : 240;
const PER_KIND = Math.ceil(MUTATIONS / KINDS.length);

const captures = (await undisturbedTraffic()).map((each) => ({ ...each, slots: slotsOf(each.traffic) }));
let done = 0;

test.each(captures)("$name, captured anew: nobody is to blame", ({ traffic, slots }) => {
  expect(slots.exchanges.length).toBeGreaterThan(20);
  expect(complaints(findingsIn(captureTraffic(traffic).frames))).toEqual([]);
});

describe("one change", () => {
  test.each(KINDS)("%s", { timeout: 120_000 }, (_, kind) => {
    const places = placesFor(kind, captures);
    let found = 0;
    for (let seed = 0; seed < PER_KIND; seed++) {
      const { name, traffic, slots } = places[seed % places.length]!;
      const mutation = mutate(kind, traffic, slots, random(seed));
      if (mutation === null) continue;
      found++;
      const captured = captureTraffic(mutation.traffic);
      const findings = complaints(findingsIn(captured.frames));
      const { wanted, found: told } = compared(captured, mutation.expected, findings);
      expect(told, `${name}, seed ${seed}`).toEqual(wanted);
      // Nothing is missing and nothing is cut: what lowers the confidence has to be said.
      for (const { confidence, downgrades, rule } of findings)
        expect(confidence === "certain" || downgrades.length > 0, `${rule.id}, ${name}, seed ${seed}`).toBe(true);
    }
    expect(found).toBeGreaterThan(0);
    done += found;
  });

  test("there were enough of them", () => {
    expect(done).toBeGreaterThanOrEqual(MUTATIONS * 0.8);
  });
});
