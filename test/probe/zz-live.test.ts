import { probeFamilies } from "/work/main/src/probe/index.ts";
import { runProbe } from "/work/main/src/probe/run-probes.ts";
import { PROBE_LIMITS } from "/work/main/src/probe/settings.ts";
import { systemRandom } from "/work/main/src/sys/random.ts";
import { connect } from "/work/main/src/sys/sockets.ts";
import { systemTimers } from "/work/main/src/sys/timers.ts";
import { startGanesha } from "/work/main/test/support/ganesha.ts";
import { test } from "vitest";
const MINE = ["retries","in-progress","false-retries","positions","sizes"] as const;
const only = process.env.ONLY;
test("live", async () => {
const ganesha = await startGanesha();
try {
  for (const exportPath of (process.env.EXPORTS ?? "mem,vfs").split(",")) for (const minorVersion of (process.env.MINORS ?? "1").split(",").map(Number)) {
    for (const probe of MINE.flatMap((f) => [...probeFamilies.get(f)!])) {
      if (only && !only.split(",").includes(probe.id)) continue;
      const r = await runProbe(probe, { connect: () => connect({ host: "127.0.0.1", port: ganesha.port }), timers: systemTimers, random: systemRandom, minorVersion, user: { uid: 0, gid: 0 }, otherUser: { uid: 2000, gid: 2000 }, exportPath: [exportPath], ...PROBE_LIMITS });
      console.log(exportPath, minorVersion, probe.id, r.verdict, r.reason, Math.round(r.elapsedMillis));
      for (const s of r.steps) if (s.kind === "note" && /clean|left/.test(s.text)) console.log("   ", s.text);
      if (process.env.STEPS) for (const s of r.steps) console.log("  ", s.kind === "exchange" ? `${s.connection} ${s.sent}\n      -> ${s.answered}` : s.kind === "check" ? `CHECK ${s.verdict} ${s.required} | ${s.observed}` : s.text);
    }
  }
} finally { await ganesha.stop(); }
}, 900000);
