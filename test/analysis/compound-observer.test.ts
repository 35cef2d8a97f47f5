import { expect, test } from "vitest";
import { Analyzer } from "../../src/analysis/analyzer.ts";
import type { Rule, RuleContext } from "../../src/rules/rule.ts";
import type { Call } from "../../src/session/call.ts";
import type { Facts } from "../../src/session/facts.ts";
import { op, scenario } from "../support/scenario.ts";

/** A rule that only listens. */
function listener(watch: Rule["watch"]): Rule {
  return {
    id: "listener",
    severity: "note",
    fault: "none",
    title: "listens",
    rfc: null,
    help: { means: "", hurts: "", todo: "" },
    downgrades: {},
    watch,
  };
}

function listening(watch: (context: RuleContext) => ReturnType<Rule["watch"]>) {
  const wire = scenario();
  Object.assign(wire.wire, { analyzer: new Analyzer([listener(watch)]) });
  return wire;
}

test("a call carries SEQUENCE, operations, length, user; its reply statuses and limits", () => {
  const calls: Call[] = [];
  const wire = listening(() => ({ "answer-clean": (call) => void calls.push(call) }));
  const session = wire.session({ slots: 4 });
  session
    .slot(2)
    .send(1, [op.putfh(), op.remove("x")], { cachethis: true, highest: 3, uid: 1000 })
    .ok([0, 0, 2], { flags: 1 });
  expect(calls).toMatchObject([
    {
      slotId: 2,
      seq: 1,
      highestSlotId: 3,
      cachethis: true,
      principal: 1000,
      minorVersion: 1,
      channel: "fore",
      operations: { numbers: [53, 22, 28], isNonIdempotent: true },
      reply: { sequenceStatus: 0, status: 2, lastStatus: 2, secondStatus: 0, highestSlotId: 3, statusFlags: 1 },
    },
  ]);
  expect(calls[0]!.length).toBeGreaterThan(100);
});

test("the fingerprint leaves out tag, xid and sa_highest_slotid, and sees the arguments", () => {
  const prints: number[] = [];
  const wire = listening(() => ({ "call-new": ({ fingerprint }) => void prints.push(fingerprint) }));
  const session = wire.session();
  session
    .slot(0)
    .send(1, [op.putfh(), op.remove("x")], { tag: "one", highest: 0 })
    .ok();
  session
    .slot(0)
    .send(2, [op.putfh(), op.remove("x")], { tag: "two", highest: 3 })
    .ok();
  session
    .slot(0)
    .send(3, [op.putfh(), op.remove("y")])
    .ok();
  expect(prints[0]).toBe(prints[1]);
  expect(prints[0]).not.toBe(prints[2]);
});

test("rules can ask for arguments and results while their fact is told, and not later", () => {
  const seen: unknown[] = [];
  let last: Call | null = null;
  const wire = listening(({ argsOf, resultOf }) => ({
    "call-new": (call) => {
      if (last !== null) seen.push(argsOf(last, 2));
      last = call;
      seen.push(argsOf(call, 2));
    },
    "answer-clean": (call) => void seen.push(resultOf(call, 1)),
  }));
  const session = wire.session();
  session
    .slot(0)
    .send(1, [op.putfh(), op.remove("x")])
    .ok();
  session
    .slot(0)
    .send(2, [op.putfh(), op.remove("y")])
    .ok();
  expect(seen).toEqual([{ target: "x" }, { status: 0 }, null, { target: "y" }, { status: 0 }]);
});

test("a reply that answers for another slot is told of", () => {
  const facts: Facts["reply-mismatch"][] = [];
  const wire = listening(() => ({ "reply-mismatch": (fact) => void facts.push(fact) }));
  const session = wire.session();
  session.slot(1).send(1).ok([], { slot: 2, seq: 9 });
  expect(facts.map(({ field, sent, got }) => [field, sent, got])).toEqual([
    ["seq", "1", "9"],
    ["slot", "1", "2"],
  ]);
});

test("the lease is read from a GETATTR reply", () => {
  const wire = listening(() => ({}));
  const session = wire.session();
  session.slot(0).exchange(1, 1, [op.putrootfh(), op.leaseTime(45)]);
  expect([...wire.wire.analyzer.observation.servers][0]?.leaseSeconds).toBe(45);
});
