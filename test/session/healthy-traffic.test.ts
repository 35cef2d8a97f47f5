import { describe, expect, test } from "vitest";
import { OP_GETATTR, OP_OPEN, OP_PUTFH, OP_READ, OP_REMOVE, OP_SEQUENCE } from "../../src/nfs4/constants.ts";
import { SLOW_ANSWER_NANOS, tellNewCall } from "../../src/session/healthy-traffic.ts";
import { created } from "../support/model-traffic.ts";

const READS = [OP_SEQUENCE, OP_PUTFH, OP_GETATTR];

describe("a new call", () => {
  test("as it nearly always is: nothing else is told", () => {
    const traffic = created(4);
    traffic.exchange(1, 3);
    traffic.news();
    traffic.call({ seq: 4 });
    traffic.call({ seq: 1, slot: 1 });
    expect(traffic.news()).toEqual(["call-new", "call-new"]);
  });

  test("on a session with something to follow", () => {
    const traffic = created();
    traffic.session()!.isTroubled = true;
    traffic.call({ seq: 1 });
    expect(traffic.news()).toEqual(["call-new", "call-new-troubled"]);
  });

  test("whose sequence id wraps, and not its successor", () => {
    const traffic = created();
    traffic.exchange(1);
    traffic.slot().lastSeq = 0xffff_ffff;
    traffic.exchange(0, 1);
    expect(traffic.news().filter((kind) => kind === "sequence-wrapped")).toHaveLength(1);
  });

  test.each([
    [false, READS, false],
    [true, READS, true],
    [true, [OP_SEQUENCE, OP_PUTFH, OP_READ], true],
    [true, [OP_SEQUENCE, OP_PUTFH, OP_REMOVE], false],
    [false, [OP_SEQUENCE, OP_PUTFH, OP_REMOVE], true],
    [false, [OP_SEQUENCE, OP_PUTFH, OP_OPEN], true],
  ])("sa_cachethis %s with %j is unusual: %s", (cachethis, operations, isUnusual) => {
    const traffic = created();
    const call = traffic.call({ seq: 1, operations });
    call.cachethis = cachethis;
    const told: string[] = [];
    tellNewCall(call, traffic.session()!.fore, (kind) => told.push(kind));
    expect(told.includes("cachethis-unusual")).toBe(isUnusual);
  });

  test("after the lease has run out, of a session that was not made just now", () => {
    const traffic = created();
    traffic.wait(80);
    traffic.exchange(1);
    traffic.wait(89);
    traffic.exchange(2);
    expect(traffic.news()).not.toContain("call-past-lease");
    traffic.wait(91);
    traffic.call({ seq: 3 });
    expect(traffic.news()).toContain("call-past-lease");
  });

  test("that takes the last slot, as far as is known", () => {
    const traffic = created(2);
    traffic.call({ seq: 1 });
    expect(traffic.news()).not.toContain("table-full");
    const second = traffic.call({ seq: 1, slot: 1 });
    expect(traffic.news()).toContain("table-full");
    traffic.ok(second, { highest: 7 });
    traffic.call({ seq: 2, slot: 1 });
    expect(traffic.news()).not.toContain("table-full");
  });

  test("above a free slot, unless a look at those below was to no avail", () => {
    const traffic = created();
    traffic.exchange(1);
    traffic.news();
    const first = traffic.call({ seq: 1, slot: 2 });
    expect(traffic.news()).toContain("slot-skipped");
    traffic.ok(first);
    const { fore } = traffic.session()!;
    fore.spareLook(2, first.at + 1e9);
    traffic.exchange(2, 2, { slot: 2 });
    expect(traffic.news()).not.toContain("slot-skipped");
    traffic.exchange(1, 1, { slot: 3 });
    expect(traffic.news()).toContain("slot-skipped");
    traffic.wait(1);
    traffic.call({ seq: 3, slot: 2 });
    expect(traffic.news()).toContain("slot-skipped");
  });
});

describe("a clean answer", () => {
  test("as it nearly always is, and one that is waited for", () => {
    const traffic = created();
    const calls = [traffic.call({ seq: 1 }), traffic.call({ seq: 1, slot: 1 }), traffic.call({ seq: 1, slot: 2 })];
    traffic.news();
    traffic.ok(calls[0]!);
    expect(traffic.news()).toEqual(["answer-clean"]);
    calls[1]!.isAwaited = true;
    traffic.ok(calls[1]!);
    expect(traffic.news()).toEqual(["answer-clean", "answer-awaited"]);
    traffic.session()!.fore.watchers++;
    traffic.ok(calls[2]!);
    expect(traffic.news()).toEqual(["answer-clean", "answer-watched"]);
  });

  test("that was long in coming", () => {
    const traffic = created();
    const call = traffic.call({ seq: 1 });
    traffic.news();
    traffic.wait(SLOW_ANSWER_NANOS / 1e9);
    traffic.ok(call);
    expect(traffic.news()).toEqual(["answer-clean", "answer-slow"]);
  });
});
