import { describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSLOT,
  NFS4ERR_DELAY,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../../src/nfs4/constants.ts";
import { mayAnswer } from "../../src/session/slot.ts";
import type { SlotPolicy } from "../../src/session/slot-table.ts";
import { SLOT_POLICY, SlotTable } from "../../src/session/slot-table.ts";
import { integer, pick, random } from "../support/random.ts";
import type { Step } from "./oracle.ts";
import { Oracle } from "./oracle.ts";

const SLOTS_MAX = 3;

/** A step whose sequence id depends on the slot's last one. */
type Letter = (last: (slot: number) => number) => Step;

const send =
  (slot: number, seqOf: (last: number) => number, changes: Partial<Extract<Step, { do: "send" }>> = {}): Letter =>
  (last) => ({
    do: "send",
    slot,
    seq: seqOf(last(slot)),
    fingerprint: "a",
    user: "alice",
    cachethis: true,
    highest: slot,
    ...changes,
  });
const complete =
  (slot: number, cached: boolean): Letter =>
  () => ({ do: "complete", slot, cached });

const behind = (last: number) => (last - 1) >>> 0;
const same = (last: number) => last;
const next = (last: number) => (last + 1) >>> 0;
const ahead = (last: number) => (last + 2) >>> 0;
const zero = () => 0;

const ONE_SLOT: Letter[] = [
  send(0, behind),
  send(0, same),
  send(0, next),
  send(0, ahead),
  send(0, zero),
  send(0, same, { fingerprint: "b" }),
  send(0, same, { user: "bob" }),
  complete(0, true),
  complete(0, false),
];

const TWO_SLOTS: Letter[] = [
  send(0, next),
  send(0, next, { highest: 2 }),
  send(0, same),
  complete(0, true),
  send(2, next),
  send(2, same),
  send(2, zero),
  complete(2, true),
  () => ({ do: "target", highest: 0 }),
  () => ({ do: "target", highest: 2 }),
  () => ({ do: "lower", highest: 0 }),
];

interface Pair {
  table: SlotTable<string>;
  oracle: Oracle;
}

function pair(policy: Partial<SlotPolicy>, startSeq: number | null): Pair {
  const full = { ...SLOT_POLICY, ...policy };
  const table = new SlotTable<string>(SLOTS_MAX, policy, { min: 1, max: SLOTS_MAX });
  const oracle = new Oracle(SLOTS_MAX, SLOTS_MAX, full);
  if (startSeq !== null) {
    const request = { fingerprint: "a", cachethis: true, highest: 0 };
    table.restoreSlot(0, startSeq, { ...request, principal: "alice" }, { kind: "full", reply: "restored" });
    oracle.restore({ do: "send", slot: 0, seq: startSeq, user: "alice", ...request }, "full");
  }
  return { table, oracle };
}

/** Applies a step to both; returns what differs, null when nothing does. */
function difference({ table, oracle }: Pair, step: Step): string | null {
  switch (step.do) {
    case "send": {
      const request = { ...step, principal: step.user };
      const expected = oracle.send(step);
      const actual = table.validateSequence(step.slot, step.seq, request);
      if (actual.status !== expected.status) return `status ${actual.status}, oracle ${expected.status}`;
      if ((actual.cached?.kind ?? null) !== expected.cached) return `cached ${actual.cached?.kind}`;
      if (actual.verdict !== null && !mayAnswer(actual.verdict, actual.conditions, actual.status)) {
        return `status ${actual.status} is not among those expected of ${actual.verdict}`;
      }
      if (actual.verdict === "new" && actual.status === NFS4_OK) table.markSlotInUse(step.slot, step.seq, request);
      break;
    }
    case "complete": {
      const seq = oracle.last(step.slot);
      const expected = oracle.complete(step.slot, step.cached);
      if (table.completeSlotRequest(step.slot, seq, step.cached, `reply ${seq}`) !== expected) return "completed";
      break;
    }
    case "target":
      oracle.setTarget(step.highest);
      table.setTarget(step.highest);
      break;
    case "lower":
      oracle.lower(step.highest);
      table.lowerEnforced(step.highest);
      break;
  }
  return stateDifference(table, oracle);
}

function stateDifference(table: SlotTable<string>, oracle: Oracle): string | null {
  if (table.enforcedHighest !== oracle.enforced) return `enforced ${table.enforcedHighest}, oracle ${oracle.enforced}`;
  if (table.targetHighest !== oracle.target) return `target ${table.targetHighest}, oracle ${oracle.target}`;
  for (let slotId = 0; slotId < SLOTS_MAX; slotId++) {
    const slot = table.slot(slotId);
    if ((slot !== null) !== oracle.lives.has(slotId)) return `slot ${slotId} exists: ${slot !== null}`;
    if (slot === null) continue;
    if (slot.lastSeq !== oracle.last(slotId)) return `slot ${slotId} last ${slot.lastSeq}`;
    if (slot.isBusy !== oracle.isBusy(slotId)) return `slot ${slotId} busy ${slot.isBusy}`;
  }
  return null;
}

/** Runs every script of `length` letters; returns how many and the first failure. */
function runAll(
  alphabet: Letter[],
  length: number,
  policy: Partial<SlotPolicy>,
  startSeq: number | null,
  prefix: Letter[] = [],
) {
  const total = alphabet.length ** length;
  for (let script = 0; script < total; script++) {
    const both = pair(policy, startSeq);
    for (const letter of prefix)
      difference(
        both,
        letter((slot) => both.oracle.last(slot)),
      );
    const steps: Step[] = [];
    for (let i = 0, rest = script; i < length; i++, rest = Math.floor(rest / alphabet.length)) {
      const step = alphabet[rest % alphabet.length]!((slot) => both.oracle.last(slot));
      steps.push(step);
      const failure = difference(both, step);
      if (failure !== null) return { total, failure: `${failure} after ${JSON.stringify(steps)}` };
    }
  }
  return { total, failure: null };
}

describe("SlotTable against the oracle, every short script", () => {
  it("a fresh slot: all scripts of 6 steps", () => {
    expect(runAll(ONE_SLOT, 6, {}, null)).toEqual({ total: 531_441, failure: null });
  });

  it.each([0xffff_fffd, 0xffff_fffe, 0xffff_ffff, 0, 0x7fff_ffff, 1])(
    "a used slot at %d: all of 4 steps",
    (startSeq) => {
      expect(runAll(ONE_SLOT, 4, {}, startSeq)).toEqual({ total: 6561, failure: null });
    },
  );

  it.each<[string, Partial<SlotPolicy>]>([
    ["busy answers swapped", { busyRetry: NFS4ERR_SEQ_MISORDERED, busyNext: NFS4ERR_DELAY }],
    ["false retries answered from the cache", { falseRetry: "replay" }],
    ["false retries answered as uncached", { falseRetry: "uncached" }],
    ["everything cached", { cacheAll: true }],
  ])("%s: all of 4 steps", (_name, policy) => {
    expect(runAll(ONE_SLOT, 4, policy, null).failure).toBeNull();
  });

  it.each(["when-seen", "at-once"] as const)(
    "shrinking and growing, refusing %s: all of 5 steps",
    (refuseAboveLimit) => {
      expect(runAll(TWO_SLOTS, 5, { refuseAboveLimit }, null)).toEqual({ total: 161_051, failure: null });
    },
  );

  it.each(["when-seen", "at-once"] as const)("after a used slot was told to go, refusing %s", (refuseAboveLimit) => {
    const use = (slot: number) => [send(slot, next), complete(slot, true)];
    const shrink: Letter = () => ({ do: "target", highest: 0 });
    const prefix = [...use(2), ...use(0), shrink, ...use(0)];
    expect(runAll(TWO_SLOTS, 5, { refuseAboveLimit }, null, prefix).failure).toBeNull();
  });

  it("both alphabets mixed, long random scripts", () => {
    const letters = [...ONE_SLOT, ...TWO_SLOTS];
    for (let seed = 1; seed <= 300; seed++) {
      const from = random(seed);
      const policy = { refuseAboveLimit: pick(from, ["when-seen", "at-once"] as const) };
      const both = pair(policy, pick(from, [null, 0xffff_fffe]));
      for (let i = integer(from, 10, 60); i > 0; i--) {
        const step = pick(from, letters)((slot) => both.oracle.last(slot));
        expect(difference(both, step), `seed ${seed}, ${JSON.stringify(step)}`).toBeNull();
      }
    }
  });
});

const request = { fingerprint: 7, principal: "alice", cachethis: true, highest: 0 };

function run(table: SlotTable<string>, slotId: number, seq: number, highest = slotId, cachethis = true): number {
  const { status } = table.validateSequence(slotId, seq, { ...request, highest, cachethis });
  if (status !== NFS4_OK) return status;
  table.markSlotInUse(slotId, seq, { ...request, highest, cachethis });
  table.completeSlotRequest(slotId, seq, cachethis, `reply ${slotId}/${seq}`);
  return status;
}

describe("SlotTable, the stories behind the rules", () => {
  it("clamps its size to the configured bounds", () => {
    expect(new SlotTable(0).size).toBe(1);
    expect(new SlotTable(Number.NaN).size).toBe(1);
    expect(new SlotTable(0xffff_ffff, {}, { min: 1, max: 64 }).size).toBe(64);
    expect(new SlotTable(0xffff_ffff).size).toBe(2048);
  });

  it("answers sequence id 0 on a fresh slot with the contrived reply (§18.36.4)", () => {
    const answer = new SlotTable<string>(4).validateSequence(3, 0, request);
    expect(answer).toMatchObject({
      verdict: "zero-first",
      status: NFS4ERR_SEQ_MISORDERED,
      cached: { kind: "contrived" },
    });
  });

  it("takes 0 after 0xffffffff, and as a retry after that", () => {
    const table = new SlotTable<string>(1);
    table.restoreSlot(0, 0xffff_ffff, request, { kind: "uncached" });
    expect(table.validateSequence(0, 1, request).status).toBe(NFS4ERR_SEQ_MISORDERED);
    expect(run(table, 0, 0)).toBe(NFS4_OK);
    expect(table.validateSequence(0, 0, request)).toMatchObject({ verdict: "retry", cached: { reply: "reply 0/0" } });
    expect(run(table, 0, 1)).toBe(NFS4_OK);
  });

  it("advances at acceptance: while n runs, n is delayed and n-1 misordered", () => {
    const table = new SlotTable<string>(1);
    run(table, 0, 1);
    table.markSlotInUse(0, 2, request);
    expect(table.validateSequence(0, 2, request)).toMatchObject({ verdict: "retry-in-flight", status: NFS4ERR_DELAY });
    expect(table.validateSequence(0, 1, request)).toMatchObject({ verdict: "behind", status: NFS4ERR_SEQ_MISORDERED });
    expect(table.validateSequence(0, 3, request)).toMatchObject({ verdict: "early", status: NFS4ERR_SEQ_MISORDERED });
    expect(() => table.markSlotInUse(0, 3, request)).toThrow(RangeError);
  });

  it("does not move when another check refuses a new request", () => {
    const table = new SlotTable<string>(1);
    expect(table.validateSequence(0, 1, request).status).toBe(NFS4_OK);
    // The caller answered TOO_MANY_OPS and never marked the slot.
    expect(table.slot(0)).toMatchObject({ lastSeq: 0, isBusy: false });
    expect(run(table, 0, 1)).toBe(NFS4_OK);
  });

  it("an uncached request is not executed twice: its retry says so on the second operation", () => {
    const table = new SlotTable<string>(1);
    const uncached = { ...request, cachethis: false };
    run(table, 0, 1, 0, false);
    expect(table.validateSequence(0, 1, uncached)).toMatchObject({ status: NFS4_OK, cached: { kind: "uncached" } });
  });

  it("ignores sa_highest_slotid when it compares a retry, but not cachethis", () => {
    const table = new SlotTable<string>(2);
    run(table, 0, 1);
    expect(table.validateSequence(0, 1, { ...request, highest: 1 }).status).toBe(NFS4_OK);
    expect(table.validateSequence(0, 1, { ...request, cachethis: false }).status).toBe(NFS4ERR_SEQ_FALSE_RETRY);
  });

  it("refuses another user whatever the policy (§2.10.6.1.3.1)", () => {
    const table = new SlotTable<string>(1, { falseRetry: "replay" });
    run(table, 0, 1);
    expect(table.validateSequence(0, 1, { ...request, fingerprint: 8 }).status).toBe(NFS4_OK);
    expect(table.validateSequence(0, 1, { ...request, principal: "bob" }).status).toBe(NFS4ERR_SEQ_FALSE_RETRY);
  });

  it("a late or doubled completion changes nothing", () => {
    const table = new SlotTable<string>(1);
    run(table, 0, 1);
    expect(table.completeSlotRequest(0, 1, true, "again")).toBe(false);
    table.markSlotInUse(0, 2, request);
    expect(table.completeSlotRequest(0, 1, true, "late")).toBe(false);
    expect(table.completeSlotRequest(5, 1, true, "nowhere")).toBe(false);
    expect(table.busySlots).toBe(1);
  });

  it("shrinks when a request that follows the new target names no slot above it", () => {
    const table = new SlotTable<string>(4);
    run(table, 3, 1);
    run(table, 0, 1, 3);
    table.setTarget(0);
    expect([table.enforcedHighest, table.size]).toEqual([3, 4]);
    run(table, 0, 2);
    expect(table.size).toBe(4);
    run(table, 0, 3);
    expect([table.enforcedHighest, table.size, table.slot(3)]).toEqual([0, 1, null]);
    expect(run(table, 3, 2)).toBe(NFS4ERR_BADSLOT);
  });

  it.each([1, 2])("takes %d first on a slot that was taken away and granted again", (seq) => {
    const table = new SlotTable<string>(4);
    run(table, 3, 1);
    table.setTarget(0);
    for (const id of [1, 2]) run(table, 0, id);
    expect(table.size).toBe(1);
    table.setTarget(3);
    expect(table.slot(3)).toMatchObject({ generation: 1, lastSeq: 0 });
    expect(run(table, 3, seq)).toBe(NFS4_OK);
    expect(table.validateSequence(3, 3 - seq, request).status).toBe(seq === 1 ? NFS4_OK : NFS4ERR_SEQ_MISORDERED);
  });

  it("retires a slot and says BADSLOT, or neither: retries are answered until then", () => {
    const table = new SlotTable<string>(4);
    run(table, 3, 1);
    run(table, 0, 1, 3);
    table.lowerEnforced(0);
    expect(table.validateSequence(3, 1, request)).toMatchObject({ verdict: "retry", status: NFS4_OK });
    run(table, 0, 2, 3);
    run(table, 0, 3, 3);
    expect(table.isLimitSeen).toBe(true);
    expect(table.validateSequence(3, 1, request)).toMatchObject({ status: NFS4_OK });
    expect(table.validateSequence(3, 2, request).status).toBe(NFS4ERR_BADSLOT);
    expect(table.validateSequence(3, 1, request).status).toBe(NFS4ERR_BADSLOT);
  });

  it("says BAD_HIGH_SLOT only when asked to, and never to a retry above the limit", () => {
    const table = new SlotTable<string>(4, { refuseHighSlot: true });
    run(table, 3, 1);
    table.lowerEnforced(1);
    run(table, 0, 1, 3);
    run(table, 0, 2, 3);
    expect(table.validateSequence(0, 3, { ...request, highest: 3 }).status).toBe(NFS4ERR_BAD_HIGH_SLOT);
    expect(table.validateSequence(0, 3, { ...request, highest: 1 }).status).toBe(NFS4_OK);
    expect(table.validateSequence(3, 1, { ...request, highest: 3 }).status).toBe(NFS4_OK);
  });

  it("grows beyond what was negotiated, up to its bound", () => {
    const table = new SlotTable<string>(1, {}, { min: 1, max: 8 });
    table.setTarget(100);
    expect([table.size, table.enforcedHighest, table.targetHighest]).toEqual([8, 7, 7]);
    expect(run(table, 7, 1)).toBe(NFS4_OK);
    expect(table.validateSequence(8, 1, request)).toMatchObject({ verdict: null, status: NFS4ERR_BADSLOT });
    expect(table.validateSequence(0xffff_ffff, 1, request).status).toBe(NFS4ERR_BADSLOT);
  });
});
