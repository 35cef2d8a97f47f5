import { describe, expect, test } from "vitest";
import { faultsOf, scriptOf, shortest } from "../support/live-simulation.ts";

const SEEDS = process.env.CI === "true" ? 5000 : 500;
const CHUNK = 250;
const FIRST_SEED = Number(process.env.SEED ?? 1);

/** The requester and the embedded server over a network that delays, cuts into pieces, mixes up and breaks off. */
describe("every request is executed exactly once, and both ends agree about every slot", () => {
  const firsts = Array.from({ length: Math.ceil(SEEDS / CHUNK) }, (_, index) => FIRST_SEED + index * CHUNK);

  test.each(firsts)("seeds from %i", { timeout: 300_000 }, async (first) => {
    for (let seed = first; seed < Math.min(first + CHUNK, FIRST_SEED + SEEDS); seed++) {
      const script = scriptOf(seed);
      const faults = await faultsOf(script);
      if (faults.length > 0) {
        const minimal = await shortest(script);
        expect.fail(
          `seed ${seed}: ${(await faultsOf(minimal)).join("; ")}\nminimal script: ${JSON.stringify(minimal)}`,
        );
      }
    }
  });
});

test("a server that executes retries anew is found out", async () => {
  let found = 0;
  for (let seed = 1; seed <= 60; seed++) if ((await faultsOf(scriptOf(seed), ["double-execution"])).length > 0) found++;
  expect(found).toBeGreaterThan(0);
});
