import { expect, test } from "vitest";
import { NFS4_OK, NFS4ERR_SEQ_FALSE_RETRY } from "../../src/nfs4/constants.ts";
import { falseRetryProbes } from "../../src/probe/false-retries/index.ts";
import { probeEmbedded } from "../support/embedded-probes.ts";
import { testProbeFamily } from "../support/probe-family.ts";

testProbeFamily("false-retries", {
  notices: [
    ["false-retry-args", NFS4ERR_SEQ_FALSE_RETRY],
    ["false-retry-ops", NFS4ERR_SEQ_FALSE_RETRY],
    ["false-retry-fewer", NFS4ERR_SEQ_FALSE_RETRY],
    ["false-retry-mutating", NFS4ERR_SEQ_FALSE_RETRY],
    ["false-retry-user", NFS4ERR_SEQ_FALSE_RETRY],
    ["false-retry-user", NFS4ERR_SEQ_FALSE_RETRY, NFS4_OK],
  ],
});

const named = (id: string) => falseRetryProbes.find((probe) => probe.id === id)!;

test.each(["false-retry-args", "false-retry-ops", "false-retry-fewer", "false-retry-mutating"])(
  "%s permits the kept reply of the original",
  async (id) => {
    const { verdict } = await probeEmbedded(named(id), { faults: ["false-retry-undetected"] });
    expect(verdict).toBe("pass-alternative");
  },
);

test("false-retry-user says nothing where both users are one", async () => {
  const user = { uid: 1000, gid: 1000 };
  const { verdict, reason } = await probeEmbedded(named("false-retry-user"), {}, { user, otherUser: user });
  expect({ verdict, reason }).toEqual({ verdict: "inconclusive", reason: "the server takes both users for 1000" });
});

test.each(["false-retry-user", "retry-highest-changed"])("%s needs two slots", async (id) => {
  const { verdict, reason } = await probeEmbedded(named(id), { server: { slots: 1 } });
  expect({ verdict, reason }).toEqual({ verdict: "skipped", reason: "there is only one slot" });
});
