import { describe, expect, test } from "vitest";
import type { FactKind } from "../../src/session/facts.ts";
import { created, type ModelTraffic } from "../support/model-traffic.ts";

/** The facts about slot ids among what was told since the last look. */
function ranges(traffic: ModelTraffic): FactKind[] {
  const exchanges: readonly FactKind[] = ["call-new", "slot-skipped", "answer-clean"];
  const others: readonly FactKind[] = ["session-opened", "exchange-id", "create-session"];
  return traffic.news().filter((kind) => !exchanges.includes(kind) && !others.includes(kind));
}

function quiet(slots?: number): ModelTraffic {
  const traffic = created(slots);
  traffic.news();
  return traffic;
}

describe("what a call says of slot ids", () => {
  test("usual: the highest slot in use, or a little more", () => {
    const traffic = quiet(64);
    traffic.call({ seq: 1, slot: 0 });
    traffic.call({ seq: 1, slot: 1 });
    traffic.call({ seq: 1, slot: 2, highest: 10 });
    expect(ranges(traffic)).toEqual([]);
  });

  test("understated: below its own slot, or below one that waits for its reply", () => {
    const traffic = quiet();
    const high = traffic.call({ seq: 1, slot: 3, highest: 2 });
    expect(ranges(traffic)).toEqual(["highest-slot-understated"]);
    traffic.call({ seq: 1, slot: 1 });
    expect(ranges(traffic)).toEqual(["highest-slot-understated"]);
    traffic.ok(high);
    traffic.call({ seq: 1, slot: 2 });
    expect(ranges(traffic)).toEqual([]);
  });

  test("overstated: far above what was ever used, or the end of the table when that was never used", () => {
    const traffic = quiet(64);
    traffic.call({ seq: 1, slot: 0, highest: 9 });
    expect(ranges(traffic)).toEqual(["highest-slot-overstated"]);
    traffic.call({ seq: 1, slot: 5, highest: 9 });
    expect(ranges(traffic)).toEqual([]);
    const small = quiet(4);
    small.call({ seq: 1, slot: 0, highest: 3 });
    small.call({ seq: 1, slot: 3, highest: 3 });
    expect(ranges(small)).toEqual(["highest-slot-overstated"]);
  });

  test("above the limit: of the latest reply, of its target, or of CB_RECALL_SLOT", () => {
    const traffic = quiet();
    traffic.ok(traffic.call({ seq: 1, slot: 3 }), { highest: 3, target: 2 });
    traffic.ok(traffic.call({ seq: 2, slot: 2 }), { highest: 3, target: 2 });
    traffic.news();
    traffic.ok(traffic.call({ seq: 2, slot: 3 }), { highest: 3 });
    expect(ranges(traffic)).toContain("call-above-limit");
    traffic.ok(traffic.call({ seq: 3, slot: 3 }));
    expect(ranges(traffic)).toEqual([]);
    const callback = traffic.newCall();
    callback.session = traffic.session()!;
    traffic.observation.slotRecall(callback, 1);
    expect(ranges(traffic)).toEqual(["slot-recall"]);
    traffic.call({ seq: 4, slot: 3 });
    expect(ranges(traffic)).toEqual(["call-above-limit"]);
  });
});

describe("what a reply says of slot ids", () => {
  test("below what its request named", () => {
    const traffic = quiet();
    traffic.ok(traffic.call({ seq: 1, slot: 2 }), { highest: 1 });
    expect(ranges(traffic)).toEqual(["limit-below-call"]);
  });

  test("a target above the limit", () => {
    const traffic = quiet();
    traffic.ok(traffic.call({ seq: 1 }), { highest: 3, target: 4 });
    expect(ranges(traffic)).toEqual(["target-above-limit"]);
  });

  test("nothing new on a reply to a retry", () => {
    const traffic = quiet();
    traffic.ok(traffic.call({ seq: 1, slot: 2 }), { highest: 3 });
    traffic.news();
    traffic.ok(traffic.call({ seq: 1, slot: 2 }), { highest: 1 });
    expect(ranges(traffic)).toEqual(["call-retry", "answer"]);
    expect(traffic.session()!.fore.limits.below(3)).toBeNull();
  });
});

describe("slots that are taken away and granted again", () => {
  test.each([1, 6])("go on at %i, told once each time", (seq) => {
    const traffic = quiet();
    traffic.exchange(1, 5, { slot: 3 });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 1 });
    traffic.ok(traffic.call({ seq: 2 }), { highest: 3 });
    traffic.news();
    traffic.ok(traffic.call({ seq, slot: 3 }));
    const told: FactKind[] = seq === 1 ? ["call-adopted"] : ["call-new", "slot-skipped"];
    expect(traffic.news()).toEqual([...told, "slot-regranted", "answer-clean"]);
    traffic.ok(traffic.call({ seq: seq + 1, slot: 3 }));
    expect(ranges(traffic)).toEqual([]);
  });
});

test("the highest slot that waits for its reply is known at any time", () => {
  const traffic = quiet(64);
  const calls = [3, 40, 7].map((slot) => traffic.call({ seq: 1, slot, highest: 63 }));
  const { fore } = traffic.session()!;
  const seen = [fore.highestWaiting];
  for (const place of [0, 1, 2]) {
    traffic.ok(calls[place]!);
    seen.push(fore.highestWaiting);
  }
  expect(seen).toEqual([40, 40, 7, -1]);
});
