import { expect, test } from "vitest";
import { Vigils } from "../../src/rules/vigils.ts";
import type { ObservedSlotTable } from "../../src/session/observed-slot-table.ts";
import { created } from "../support/model-traffic.ts";

test("a slot table is watched as long as something on it is waited for", () => {
  const { fore } = created().session()!;
  const first = new Vigils<string, number>(() => fore);
  const second = new Vigils<ObservedSlotTable, number>((table) => table);
  first.set("a", 1).set("a", 2).set("b", 3);
  second.set(fore, 1);
  expect(fore.watchers).toBe(3);
  expect([...first.values()]).toEqual([2, 3]);
  expect([first.delete("a"), first.delete("a")]).toEqual([true, false]);
  expect(fore.watchers).toBe(2);
  first.clear();
  expect([fore.watchers, first.size]).toEqual([1, 0]);
  second.delete(fore);
  expect(fore.watchers).toBe(0);
});
