import { expect, test } from "vitest";
import type { Finding } from "../../src/rules/finding.ts";
import { anyFlaws, captured, type Flaws, NO_FLAWS } from "../support/imperfect-capture.ts";
import { integer, pick, random } from "../support/random.ts";
import { anyCharacter, type Character } from "../support/simulated-character.ts";
import { SimulatedMount } from "../support/simulated-mount.ts";
import { SimulatedWorld } from "../support/simulated-world.ts";

/** Whatever happens to clients and servers that keep the rules, and to the capture of it: nobody is to blame. */

const CONVERSATIONS = process.env.CI === "true" ? 2000 : 200;

function conversation(
  seed: number,
  flawed: (next: () => number) => Flaws,
  changes: Partial<Character> = {},
): readonly Finding[] {
  const next = random(seed);
  const world = new SimulatedWorld(next);
  world.wire.latencyNanos = pick(next, [20_000, 100_000, 1_000_000]);
  const mounts = pick(next, [1, 1, 2]);
  for (let i = 0; i < mounts; i++) {
    const mount = new SimulatedMount(world, { ...anyCharacter(next, "10.0.0.2", `owner ${i}`), ...changes });
    world.after(integer(next, 0, 5) * 1e6, () => mount.start());
  }
  world.run();
  return captured(world.wire, flawed(next), next).findings();
}

/** What blames a party for more than a curiosity. */
function accusations(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity, fault }) => severity !== "note" && (fault === "client" || fault === "server"))
    .map(({ rule, message, frames }) => `${rule.id}: ${message} (${frames.map(({ frame }) => frame).join(", ")})`);
}

const CAPTURES: readonly [string, (next: () => number) => Flaws][] = [
  ["whole, at either end or between", (next) => ({ ...NO_FLAWS, place: anyFlaws(next).place })],
  ["begins late", (next) => ({ ...anyFlaws(next), ...WHOLE, start: next() * 0.9 })],
  ["loses frames", (next) => ({ ...anyFlaws(next), ...WHOLE, lossRate: pick(next, [0.001, 0.01, 0.05]) })],
  ["loses frames and begins late", (next) => ({ ...anyFlaws(next), ...WHOLE, lossRate: next() * 0.05, start: next() })],
  ["cut by the snap length", (next) => ({ ...anyFlaws(next), ...WHOLE, snapLength: integer(next, 96, 400) })],
  ["frames twice", (next) => ({ ...anyFlaws(next), ...WHOLE, duplicateRate: next() * 0.3 })],
];
const WHOLE = { lossRate: 0, skewNanos: 0, snapLength: Number.POSITIVE_INFINITY };

test.each(CAPTURES)("no accusation: %s", { timeout: 60_000 }, (_, flawed) => {
  const count = Math.ceil(CONVERSATIONS / CAPTURES.length);
  for (let seed = 0; seed < count; seed++) {
    expect(accusations(conversation(seed, flawed)), `seed ${seed}`).toEqual([]);
  }
});

test("no accusation: two interfaces whose clocks differ by up to 0.3 ms", { timeout: 60_000 }, () => {
  const flawed = (next: () => number) => ({ ...anyFlaws(next), ...WHOLE, skewNanos: integer(next, 1, 300) * 1000 });
  for (let seed = 0; seed < CONVERSATIONS / CAPTURES.length; seed++) {
    expect(accusations(conversation(seed, flawed, { disturbances: 0 })), `seed ${seed}`).toEqual([]);
  }
});
