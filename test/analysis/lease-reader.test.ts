import { describe, expect, test } from "vitest";
import { learnLease } from "../../src/analysis/lease-reader.ts";
import { Compound } from "../../src/nfs4/compound.ts";
import { writeReply } from "../../src/nfs4/compound-writer.ts";
import { skimReply } from "../../src/nfs4/skim.ts";
import { ObservedServer } from "../../src/session/observed-server.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { op, scenario } from "../support/scenario.ts";
import { resultOf, type Step } from "../support/scenario-operations.ts";

function getattr(attrmask: readonly number[], ...attr_vals: number[]): Step {
  const obj_attributes = { attrmask, attr_vals: Uint8Array.from(attr_vals) };
  return op.step("GETATTR", { attr_request: attrmask }, { resok4: { obj_attributes } });
}

/** The lease in seconds that a server is known to have after a reply with these results. */
function learnt(steps: readonly Step[], failed = -1): number | null {
  const sink = new Sink();
  writeReply(
    sink,
    0,
    "",
    steps.map((step, i) => resultOf(step, i === failed ? 2 : 0)),
  );
  const bytes = sink.finish();
  const cursor = new Cursor();
  cursor.reset(bytes, 0, bytes.length);
  const compound = new Compound();
  skimReply(cursor, compound, false);
  const server = new ObservedServer("10.0.0.1:2049");
  learnLease(server, compound, cursor);
  return server.leaseSeconds;
}

/** Bits of the first word of a bitmap4. */
const TYPE = 1 << 1;
const LEASE = 1 << 10;

describe("lease_time", () => {
  test.each([
    ["alone", [getattr([LEASE], 0, 0, 0, 90)], 90],
    ["behind another attribute", [getattr([TYPE | LEASE], 0, 0, 0, 2, 0, 0, 1, 44)], 300],
    ["in a later GETATTR", [op.putfh(), getattr([TYPE], 0, 0, 0, 2), getattr([LEASE], 0, 0, 0, 45)], 45],
    ["a day at most", [getattr([LEASE], 0, 1, 0x51, 0x80)], 86_400],
  ])("%s", (_, steps, seconds) => {
    expect(learnt(steps)).toBe(seconds);
  });

  test.each([
    ["not among the attributes", [getattr([TYPE], 0, 0, 0, 2)]],
    ["no attributes at all", [getattr([])]],
    ["the bit of another word", [getattr([0, LEASE], 0, 0, 0, 90)]],
    ["no time", [getattr([LEASE], 0, 0, 0, 0)]],
    ["more than a day", [getattr([LEASE], 0, 1, 0x51, 0x81)]],
    ["no GETATTR", [op.putfh(), op.access()]],
    ["attributes cut short", [getattr([LEASE], 0, 0)]],
  ])("unknown: %s", (_, steps) => {
    expect(learnt(steps)).toBeNull();
  });

  test("unknown: GETATTR failed", () => {
    expect(learnt([getattr([LEASE], 0, 0, 0, 90)], 0)).toBeNull();
  });

  test("reaches the server through an analysis", () => {
    const wire = scenario();
    wire
      .session()
      .slot(0)
      .exchange(1, 1, [op.putrootfh(), op.leaseTime(45)]);
    const [server] = wire.wire.analyzer.observation.servers;
    expect(server).toMatchObject({ leaseSeconds: 45, leaseNanos: 45e9 });
  });
});
