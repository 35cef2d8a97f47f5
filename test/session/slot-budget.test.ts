import { expect, test } from "vitest";
import { SlotBudget } from "../../src/session/slot-budget.ts";
import { ModelTraffic } from "../support/model-traffic.ts";

/** Eight slots of a session are used four at a time, when four are followed. */
function traffic(): ModelTraffic {
  return new ModelTraffic(new SlotBudget(4));
}

test("beyond the budget the slot that was made first is let go", () => {
  const wire = traffic();
  for (let slot = 0; slot < 6; slot++) wire.exchange(1, 1, { slot });
  const { fore } = wire.session()!;
  expect(fore.slots.map((slot) => slot?.id)).toEqual([undefined, undefined, 2, 3, 4, 5]);
  expect(fore).toMatchObject({ slotsUsed: 6, omitted: 2, outstanding: 0 });
  expect(wire.observation.limits()).toContainEqual({ name: "slots followed", bound: 4, dropped: 2 });
});

test("a slot that was let go comes back as one of which nothing is known, and nobody is accused", () => {
  const wire = traffic();
  wire.exchange(1, 9, { slot: 0 });
  for (let slot = 1; slot < 6; slot++) wire.exchange(1, 1, { slot });
  wire.news();
  wire.exchange(10, 10, { slot: 0 });
  expect(wire.news()).toContain("call-adopted");
  expect(wire.slot(0)).toMatchObject({ anchor: "adopted", lastSeq: 10 });
});

test("slots of a session that is followed no more make room", () => {
  const wire = traffic();
  for (let slot = 0; slot < 3; slot++) wire.fail(wire.call({ slot, seq: 1 }), 10052);
  wire.exchange(1, 1, { slot: 7 });
  for (let slot = 0; slot < 3; slot++) wire.exchange(1, 1, { slot });
  expect(wire.session()!.fore).toMatchObject({ slotsUsed: 4, omitted: 0 });
});

test("one that waits for its reply is not outstanding any more", () => {
  const wire = traffic();
  const call = wire.call({ slot: 0, seq: 1 });
  for (let slot = 1; slot < 6; slot++) wire.exchange(1, 1, { slot });
  const { fore } = wire.session()!;
  expect(fore).toMatchObject({ outstanding: 0, highestWaiting: -1 });
  wire.ok(call);
  expect(fore).toMatchObject({ outstanding: 0, highestWaiting: -1 });
});
