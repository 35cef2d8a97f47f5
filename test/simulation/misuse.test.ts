import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/rules/finding.ts";
import { complaints } from "../support/complaints.ts";
import { captured, NO_FLAWS } from "../support/imperfect-capture.ts";
import { MISUSES, type Misdeed, opportunity } from "../support/misuse.ts";
import { pick, random } from "../support/random.ts";
import { anyCharacter } from "../support/simulated-character.ts";
import { SimulatedMount } from "../support/simulated-mount.ts";
import { SimulatedWorld } from "../support/simulated-world.ts";

/** One misuse somewhere in a conversation that keeps the rules: told by its rule, at its place, and nothing else is. */

const CONVERSATIONS = process.env.CI === "true" ? 2000 : 200;
/** Part of the conversations that may end before there was an opportunity. */
const MISSED_MAX = 0.5;

function conversation(
  seed: number,
  misuse: (typeof MISUSES)[number],
): { misdeed: Misdeed | null; findings: readonly Finding[] } {
  const next = random(seed);
  const world = new SimulatedWorld(next);
  world.wire.latencyNanos = pick(next, [100_000, 1_000_000]);
  const character = { ...anyCharacter(next, "10.0.0.2", "owner"), joinedAt: null };
  const mount = new SimulatedMount(world, character);
  mount.start();
  let misdeed: Misdeed | null = null;
  const attempt = () => {
    const chance = opportunity(mount);
    if (chance !== null) misdeed = world.dialogue(() => misuse(chance));
    else if (world.isBusy) world.after(1e6, attempt);
  };
  world.after(next() * 30e6, attempt);
  world.run();
  return { misdeed, findings: captured(world.wire, NO_FLAWS, next).findings() };
}

describe("misuse", () => {
  test.each(MISUSES.map((misuse) => [misuse.name, misuse] as const))("%s", { timeout: 60_000 }, (_, misuse) => {
    const count = Math.ceil(CONVERSATIONS / MISUSES.length);
    let missed = 0;
    for (let seed = 0; seed < count; seed++) {
      const { misdeed, findings } = conversation(seed, misuse);
      if (misdeed === null) {
        missed++;
        continue;
      }
      const found = complaints(findings).map(({ rule, slot, frames }) => {
        const numbers = frames.map(({ frame }) => frame);
        return { rule: rule.id, slot, frames: misdeed.frames.filter((frame) => numbers.includes(frame)) };
      });
      expect(found, `seed ${seed}`).toEqual([misdeed]);
    }
    expect(missed / count).toBeLessThan(MISSED_MAX);
  });
});
