import { bench, describe } from "vitest";
import { created } from "../../support/model-traffic.ts";

const SLOTS = 30;
const ROUNDS = 20;

describe(`${SLOTS * ROUNDS} exchanges`, () => {
  bench("slot judge", () => {
    const traffic = created(SLOTS);
    for (let seq = 1; seq <= ROUNDS; seq++) {
      const calls = Array.from({ length: SLOTS }, (_, slot) => traffic.call({ seq, slot }));
      for (const call of calls) traffic.ok(call, { highest: SLOTS - 1 });
      traffic.news();
    }
  });
});
