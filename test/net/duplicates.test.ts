import { expect, test } from "vitest";
import { Duplicates, fingerprint } from "../../src/net/duplicates.ts";
import { Packet } from "../../src/net/packet.ts";

function packet(micros: number, identification: number): Packet {
  return Object.assign(new Packet(), { micros, identification });
}

test.each([
  ["at once", 0, 0, true],
  ["after 5 ms", 5_000, 0, true],
  ["later, without an identification", 5_001, 0, false],
  ["later, with one: two captures merged", 100_000, 7, true],
  ["much later", 100_001, 7, false],
  ["earlier, by the clock of another interface", -3_000, 0, true],
])("seen again %s", (_, micros, identification, expected) => {
  const duplicates = new Duplicates();
  expect(duplicates.repeats(5, 6, packet(1e9, identification))).toBe(false);
  expect(duplicates.repeats(5, 6, packet(1e9 + micros, identification))).toBe(expected);
});

test("another packet on the same place is none", () => {
  const duplicates = new Duplicates();
  duplicates.remember(5, 6, packet(0, 1));
  expect(duplicates.repeats(5, 7, packet(0, 1))).toBe(false);
  expect(duplicates.repeats(5 + (1 << 14), 6, packet(0, 1))).toBe(false);
});

test("packets close by are found again although others came between", () => {
  const duplicates = new Duplicates();
  const print = (index: number): number => fingerprint(index, 1, 2, 3);
  for (let index = 0; index < 100; index++) duplicates.remember(print(index), index, packet(index, 1));
  for (let index = 0; index < 100; index++)
    expect(duplicates.repeats(print(index), index, packet(index, 1))).toBe(true);
});

test("of more packets than are remembered the latest are found", () => {
  const duplicates = new Duplicates();
  const print = (index: number): number => fingerprint(index, 1, 2, 3);
  for (let index = 0; index < 100_000; index++) duplicates.remember(print(index), index, packet(index, 1));
  for (let index = 99_900; index < 100_000; index++)
    expect(duplicates.repeats(print(index), index, packet(index, 1))).toBe(true);
  expect(duplicates.repeats(print(1), 1, packet(1, 1))).toBe(false);
});

test("fingerprints of packets that differ in one number differ", () => {
  const prints = new Set<number>();
  for (let index = 0; index < 10_000; index++) {
    prints.add(fingerprint(index, 0, 0, 0)).add(fingerprint(0, index + 1, 0, 0));
    prints.add(fingerprint(0, 0, index + 1, 0)).add(fingerprint(0, 0, 0, index + 1));
  }
  expect(prints.size).toBeGreaterThan(40_000 - 5);
});
