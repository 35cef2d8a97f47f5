import { test } from "vitest";
import { probeFamilies } from "/work/main/src/probe/index.ts";
import { faults } from "/work/main/src/server/faults/index.ts";
import { probeEmbedded } from "/work/main/test/support/embedded-probes.ts";
const MINE = ["retries","in-progress","false-retries","positions","sizes"] as const;
const mine = MINE.flatMap((f) => [...probeFamilies.get(f)!]);
test("healthy", async () => {
  for (const minorVersion of [1, 2]) for (const probe of mine) {
    const r = await probeEmbedded(probe, {}, { minorVersion });
    console.log(minorVersion, probe.id, r.verdict, r.reason);
    if (process.env.STEPS === probe.id) console.log(JSON.stringify(r.steps, null, 1));
    const odd = r.steps.filter((s: any) => s.kind === "note" && /clean|left/.test(s.text)); if (odd.length) console.log(odd);
  }
}, 600000);
test("faults", async () => {
  for (const fault of faults) {
    const hit: string[] = []; const other: string[] = [];
    for (const probe of mine) {
      const r = await probeEmbedded(probe, { faults: [fault.id] });
      if (r.verdict === "deviates") hit.push(probe.id); else if (r.verdict === "inconclusive") other.push(probe.id);
      if (process.env.FAULT === fault.id) console.log(probe.id, r.verdict, r.reason);
    }
    console.log("FAULT", fault.id, JSON.stringify(hit), "INC", JSON.stringify(other), "LISTED", JSON.stringify(fault.probes.filter((p) => mine.some((m) => m.id === p))));
  }
}, 600000);
