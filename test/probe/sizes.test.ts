import { describe, expect, test } from "vitest";
import * as nfs4 from "../../src/nfs4/constants.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import { sizeProbes } from "../../src/probe/sizes/index.ts";
import { faultHooks } from "../../src/server/faults/index.ts";
import type { Hooks } from "../../src/server/hooks.ts";
import { Nfs4Server } from "../../src/server/server.ts";
import { probeEmbedded } from "../support/embedded-probes.ts";
import { MemoryNetwork } from "../support/memory-network.ts";
import { testProbeFamily } from "../support/probe-family.ts";
import { probeSettings } from "../support/probe-fixture.ts";
import { seededBytes } from "../support/requester-fixture.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

testProbeFamily("sizes", {
  notices: [
    ["too-many-ops", nfs4.NFS4ERR_TOO_MANY_OPS],
    ["req-too-big", nfs4.NFS4ERR_REQ_TOO_BIG],
    ["rep-too-big", nfs4.NFS4ERR_REP_TOO_BIG],
    ["rep-too-big-cache", nfs4.NFS4ERR_REP_TOO_BIG_TO_CACHE],
    ["rep-too-big-partial", nfs4.NFS4ERR_REP_TOO_BIG_TO_CACHE],
  ],
});

const named = (id: string) => sizeProbes.find((probe) => probe.id === id)!;

test("a limit is the one that was granted", async () => {
  for (const id of ["too-many-ops", "req-too-big"]) {
    const { verdict } = await probeEmbedded(named(id), { server: { operationsMax: 9, messageBytesMax: 6000 } });
    expect(verdict).toBe("pass");
  }
});

test("too few operations cannot make a long reply", async () => {
  const { verdict, reason } = await probeEmbedded(named("rep-too-big"), { server: { operationsMax: 8 } });
  const expected = "8 operations cannot make a reply of more than 8192 bytes";
  expect({ verdict, reason }).toEqual({ verdict: "skipped", reason: expected });
});

test("unsafe-compound closes what it opened", async () => {
  const { steps } = await probeEmbedded(named("unsafe-compound"));
  expect(steps.filter(({ kind }) => kind === "note")).toEqual([
    expect.objectContaining({ text: "callback on c1: CB_NULL" }),
    expect.objectContaining({ text: "callback on c1: CB_NULL" }),
  ]);
});

describe("TOO_MANY_OPS without any result", () => {
  /** Where status, tag and count lie in a record whose tag is empty. */
  const STATUS_AT = 28;
  const COUNT_AT = STATUS_AT + 8;
  const withoutResults: Hooks["replying"] = (reply) => {
    const { record } = reply;
    const status = new DataView(record.buffer, record.byteOffset).getUint32(STATUS_AT);
    if (status !== nfs4.NFS4ERR_TOO_MANY_OPS) return reply;
    const cut = Uint8Array.from(record.subarray(0, COUNT_AT + 4));
    const view = new DataView(cut.buffer);
    view.setUint32(0, 0x8000_0000 + cut.length - 4);
    view.setUint32(COUNT_AT, 0);
    return { ...reply, record: cut };
  };

  test.each([
    ["leaves the slot where it is", {}],
    ["moves the slot", faultHooks(["seq-error-moved-slot"])],
  ])("is permitted where it %s", async (_what, hooks) => {
    const timers = new VirtualTimers();
    const server = new Nfs4Server({ timers, random: seededBytes(1), hooks: { ...hooks, replying: withoutResults } });
    const network = new MemoryNetwork(timers, (channel) => server.accept(channel));
    const result = await timers.until(runProbe(named("too-many-ops"), probeSettings(timers, network.connect)));
    expect(result.verdict, result.reason).toBe("pass-alternative");
  });
});
