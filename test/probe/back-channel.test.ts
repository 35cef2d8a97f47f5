import { describe, expect, test } from "vitest";
import { NFS4ERR_DELAY } from "../../src/nfs4/constants.ts";
import type { CB_SEQUENCE4args } from "../../src/nfs4/ops/callback-session.ts";
import { CallbackSlots } from "../../src/probe/back-channel/callback-slots.ts";
import { backChannelProbes } from "../../src/probe/back-channel/index.ts";
import type { CallbackDecision, ReceivedCallback } from "../../src/requester/callback-replier.ts";
import { faultsFor, noticing, probeEmbedded } from "../support/embedded-probes.ts";

/** The embedded server ends a back channel whose slot 0 is refused: without it there is none. */
const OTHERWISE = new Map([["cb-error-slot", "pass-alternative"]]);

describe.each([1, 2])("probes of the back channel, minor version %d", (minorVersion) => {
  test.each(backChannelProbes)("$id", async (probe) => {
    const { verdict, reason } = await probeEmbedded(probe, {}, { minorVersion });
    expect(verdict, reason).toBe(OTHERWISE.get(probe.id) ?? "pass");
  });
});

test.each(faultsFor(backChannelProbes))("%s is noticed by %j and no others", async (fault, mustNotice) => {
  expect(await noticing(backChannelProbes, fault)).toEqual(mustNotice);
});

test.each(["notify-unbound", "referring-call-stale"])("%s is no offence", async (fault) => {
  expect(await noticing(backChannelProbes, fault)).toEqual([]);
});

test("callbacks have to be in AUTH_SYS where nothing else is offered", async () => {
  const probe = backChannelProbes.find(({ id }) => id === "cb-unoffered-flavor")!;
  const { reason } = await probeEmbedded(probe, { faults: ["backchannel-sec-not-offered"] });
  expect(reason).toContain("AUTH_SYS uid 4000000000 gid 4000000000");
  expect(reason).toContain("AUTH_SYS uid 54321 gid 54322 gids 54323");
});

describe("CallbackSlots", () => {
  const connection = (isOpen: boolean) => ({ isOpen }) as ReceivedCallback["connection"];
  const living = connection(true);
  /** Lets callbacks arrive in order and gives the fault of the last. */
  function faultOfLast(...callbacks: { seq: number; what?: number; on?: typeof living; answer?: CallbackDecision }[]) {
    const slots = new CallbackSlots();
    return callbacks.reduce<string | null>((_, { seq, what = 1, on = living, answer = "answer" }) => {
      const csa_sessionid = new Uint8Array(16);
      const sequence = { csa_sessionid, csa_slotid: 0, csa_sequenceid: seq } as CB_SEQUENCE4args;
      const callback = { connection: on, message: { fingerprint: what } } as ReceivedCallback;
      const fault = slots.fault(sequence, callback);
      slots.decided(sequence, callback, answer);
      return fault;
    }, null);
  }
  const lost = connection(false);
  const delay = { sequenceStatus: NFS4ERR_DELAY };

  test.each([
    ["the first", [{ seq: 1 }]],
    ["the next", [{ seq: 1 }, { seq: 2, what: 2 }]],
    ["one after an error", [{ seq: 1, answer: delay }, { seq: 1 }]],
    ["one that was cut off", [{ seq: 1, on: lost, answer: "ignore" as const }, { seq: 1 }]],
    ["one whose answer was cut off", [{ seq: 1, on: lost }, { seq: 1 }]],
  ])("%s is in order", (_, callbacks) => {
    expect(faultOfLast(...callbacks)).toBeNull();
  });

  test.each([
    ["sequence id 2 of slot 0, where 1 is next", [{ seq: 2 }]],
    ["sequence id 0 of slot 0, where 1 is next", [{ seq: 0 }]],
    ["sequence id 2 of slot 0, where 1 is next", [{ seq: 1, answer: delay }, { seq: 2 }]],
    ["sequence id 2 of slot 0 though 1 was not answered", [{ seq: 1, answer: "ignore" as const }, { seq: 2 }]],
    ["sequence id 1 of slot 0 again though the connection lives", [{ seq: 1 }, { seq: 1 }]],
    [
      "another callback under sequence id 1 of slot 0",
      [
        { seq: 1, on: lost },
        { seq: 1, what: 2 },
      ],
    ],
  ])("%s is not", (fault, callbacks) => {
    expect(faultOfLast(...callbacks)).toBe(fault);
  });
});
