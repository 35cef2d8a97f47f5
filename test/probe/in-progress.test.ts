import { describe, expect, test } from "vitest";
import { NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { inProgressProbes } from "../../src/probe/in-progress/index.ts";
import { probeEmbedded } from "../support/embedded-probes.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("in-progress", {
  notices: [
    ["in-progress-same-conn", NFS4ERR_DELAY],
    ["in-progress-two-conns", NFS4ERR_DELAY],
    ["busy-next", NFS4ERR_SEQ_MISORDERED],
  ],
});

const racing = inProgressProbes.filter(({ id }) => id !== "pipelining-same-slot");

describe("where no request can be held up", () => {
  test.each(racing)("$id says that requests were too fast", async (probe) => {
    // Nobody hears of recalls, and all else this server executes one request after the other.
    const result = await probeEmbedded(probe, { faults: ["backchannel-wrong-program"] });
    expect(result.verdict).toBe("inconclusive");
  });

  test.each(racing)("$id does so when the server answers DELAY at once", async (probe) => {
    const result = await probeEmbedded(probe, { server: { recallWaitMillis: 0 } });
    expect(result.verdict).toBe("inconclusive");
  });
});

test("slot-independence needs slots", async () => {
  const probe = racing.find(({ id }) => id === "slot-independence")!;
  const { verdict, reason } = await probeEmbedded(probe, { server: { slots: 2 } });
  expect({ verdict, reason }).toEqual({ verdict: "skipped", reason: "there are only 2 slots" });
});
