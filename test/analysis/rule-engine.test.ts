import { describe, expect, test } from "vitest";
import { RuleEngine, type World } from "../../src/analysis/rule-engine.ts";
import { SAMPLES_MAX } from "../../src/rules/finding.ts";
import type { Rule, RuleContext } from "../../src/rules/rule.ts";
import { ruleLike } from "../support/analysis-fixture.ts";
import { created } from "../support/model-traffic.ts";

const WORLD: World = {
  servers: [],
  connections: [],
  capture: { crossingNanos: 0 } as World["capture"],
  argsOf: (_, index) => `args ${index}`,
  resultOf: (_, index) => `result ${index}`,
};

/** A rule that gives its context away. */
function spying(values: Partial<Rule> = {}): { rule: Rule; context: () => RuleContext; heard: unknown[] } {
  const heard: unknown[] = [];
  let given: RuleContext | undefined;
  const rule = ruleLike({
    downgrades: { O: 1, G: "off" },
    ...values,
    watch: (context) => {
      given = context;
      return { "call-new": (fact) => void heard.push(fact), tick: (fact) => void heard.push(fact) };
    },
  });
  return { rule, context: () => given!, heard };
}

describe("facts", () => {
  test("go to every rule that watches their kind, in order of the rules", () => {
    const order: string[] = [];
    const watching = (id: string) =>
      ruleLike({ id, watch: () => ({ tick: (at) => void order.push(`${id} ${at}`), end: () => void order.push(id) }) });
    const engine = new RuleEngine([watching("a"), watching("b")], WORLD);
    engine.tell("tick", 7);
    engine.tell("end", 8);
    expect(order).toEqual(["a 7", "b 7", "a", "b"]);
  });

  test("of no interest to anybody are passed over", () => {
    const { rule, heard } = spying();
    new RuleEngine([rule], WORLD).tell("end", 1);
    expect(heard).toEqual([]);
  });

  test("of the back channel are not told to rules of the fore channel", () => {
    const { rule, heard } = spying();
    const engine = new RuleEngine([rule], WORLD);
    const call = created().call({ seq: 1 });
    engine.tell("call-new", call);
    call.channel = "back";
    engine.tell("call-new", call);
    expect(heard).toEqual([call]);
  });
});

describe("reports", () => {
  test("become findings", () => {
    const { rule, context } = spying();
    const engine = new RuleEngine([rule], WORLD);
    const call = created().call({ seq: 1 });
    context().report({ call, frames: [call], message: "text" });
    engine.tell("end", 0);
    expect(engine.findings.all).toMatchObject([{ rule, message: "text", confidence: "certain" }]);
  });

  test("near missing bytes are held back and counted", () => {
    const { rule, context } = spying();
    const engine = new RuleEngine([rule], WORLD);
    const call = created().call({ seq: 1 });
    call.connection.addGap("client", 9, call.at, call);
    context().report({ call, frames: [call], message: "" });
    expect(engine.findings.all).toEqual([]);
    expect([...engine.suppressed]).toEqual([[rule.id, 1]]);
    expect(context().suppressed.get(rule.id)).toBe(1);
  });

  test("wait for holes that are noticed late", () => {
    const { rule, context } = spying();
    const engine = new RuleEngine([rule], WORLD);
    const traffic = created();
    const hidden = traffic.call({ seq: 1 });
    engine.tell("tick", hidden.at);
    context().report({ call: hidden, frames: [hidden], message: "hidden" });
    engine.tell("tick", hidden.at + 5e9);
    expect(engine.findings.all).toEqual([]);
    hidden.connection.addGap("server", 9, hidden.at, { capture: 0, frame: 9, at: hidden.at + 6e9 });
    const plain = traffic.call({ seq: 1, slot: 1, on: traffic.connect() });
    engine.tell("tick", hidden.at + 20e9);
    context().report({ connection: plain.connection, session: null, frames: [plain], message: "plain" });
    engine.tell("end", hidden.at + 20e9);
    expect(engine.findings.all.map(({ message }) => message)).toEqual(["plain"]);
    expect(context().suppressed.get(rule.id)).toBe(1);
  });

  test.each([
    ["what accuses nobody", { fault: "capture", downgrades: {} }, 0],
    ["what a hole may explain", { fault: "capture", downgrades: { G: "off" } }, 1],
    ["what accuses a peer", { fault: "client", downgrades: {} }, 1],
    ["what silences others", { fault: "capture", downgrades: {}, supersedes: ["general"] }, 1],
  ] as const)("of %s: repeated often enough they are counted at once, or wait as before", (_, values, waiting) => {
    const { rule, context } = spying(values as Partial<Rule>);
    const engine = new RuleEngine([rule], WORLD);
    const call = created().call({ seq: 1 });
    const report = () => context().report({ call, frames: [call], message: "" });
    const occurrences = () => engine.findings.all.map((finding) => finding.occurrences);
    for (let i = 0; i <= SAMPLES_MAX; i++) report();
    engine.tell("tick", 60e9);
    expect(occurrences()).toEqual([SAMPLES_MAX + 1]);
    report();
    expect(occurrences()).toEqual([SAMPLES_MAX + 2 - waiting]);
    engine.tell("end", 61e9);
    expect(occurrences()).toEqual([SAMPLES_MAX + 2]);
  });

  test("on a retry and its original, close together on two connections, are in doubt", () => {
    const { rule, context } = spying();
    const engine = new RuleEngine([rule], WORLD);
    const traffic = created();
    const first = traffic.call({ seq: 1 });
    const again = traffic.call({ seq: 1, on: traffic.connect() });
    context().report({ call: again, frames: [first, again], message: "" });
    engine.tell("end", 0);
    expect(engine.findings.all).toMatchObject([{ confidence: "likely", downgrades: ["O"] }]);
  });
});

describe("one exchange, one accusation", () => {
  /** An engine with rules that may say anything, and what it has found at the end. */
  function arena(...rules: Partial<Rule>[]) {
    const spies = rules.map((values) => spying({ downgrades: {}, fault: "client", ...values }));
    const engine = new RuleEngine(
      spies.map(({ rule }) => rule),
      WORLD,
    );
    const found = () => {
      engine.tell("end", 1e12);
      return engine.findings.all.map(({ rule, occurrences }) => `${rule.id} ${occurrences}`);
    };
    return { engine, contexts: spies.map(({ context }) => context()), found, traffic: created() };
  }
  const narrow = { id: "narrow", supersedes: ["middle"] };
  const middle = { id: "middle", supersedes: ["general"] };
  const general = { id: "general" };

  test.each([
    ["first", [0, 1]],
    ["last", [1, 0]],
  ] as const)("the narrower rule speaks, whichever comes %s", (_, order) => {
    const { contexts, found, traffic } = arena(middle, general);
    const call = traffic.call({ seq: 1 });
    for (const index of order) contexts[index]!.report({ call, frames: [call], message: "" });
    expect(found()).toEqual(["middle 1"]);
  });

  test("what is superseded by what is superseded keeps silent, and other exchanges do not", () => {
    const { contexts, found, traffic } = arena(narrow, general, middle);
    const call = traffic.call({ seq: 1 });
    const other = traffic.call({ seq: 1, slot: 1 });
    for (const { report } of contexts) report({ call, frames: [call], message: "" });
    contexts[1]!.report({ call: other, frames: [other], message: "" });
    expect(found()).toEqual(["narrow 1", "general 1"]);
  });

  test("long after the narrower rule spoke", () => {
    const { engine, contexts, found, traffic } = arena(middle, general);
    const call = traffic.call({ seq: 1 });
    contexts[0]!.report({ call, frames: [call], message: "" });
    engine.tell("tick", call.at);
    engine.tell("tick", call.at + 100e9);
    contexts[1]!.report({ call, frames: [call], message: "" });
    expect(found()).toEqual(["middle 1"]);
  });

  test("of other transmissions of the request only the same party is spared", () => {
    const { contexts, found, traffic } = arena(middle, general);
    const call = traffic.call({ seq: 1 });
    const again = traffic.call({ seq: 1, on: traffic.connect() });
    contexts[0]!.report({ call, frames: [call], message: "" });
    contexts[1]!.report({ call: again, frames: [again], message: "" });
    contexts[1]!.report({ call: again, frames: [again], message: "", fault: "server" });
    expect(found()).toEqual(["middle 1", "general 1"]);
  });

  test("what a hole explains accuses nobody more generally", () => {
    const { contexts, found, traffic } = arena({ ...middle, downgrades: { G: "off" } }, general);
    const call = traffic.call({ seq: 1 });
    call.connection.addGap("client", 9, call.at, call);
    for (const { report } of contexts) report({ call, frames: [call], message: "" });
    expect(found()).toEqual([]);
  });

  test("a narrower report that did not stand, or was never one, supersedes nothing", () => {
    const { contexts, found, traffic } = arena({ ...middle, downgrades: { V: "off" } }, general);
    const call = traffic.call({ seq: 1 });
    contexts[0]!.report({ call, frames: [call], message: "", holds: () => false });
    contexts[0]!.report({ call, frames: [call], message: "", because: ["V"] });
    contexts[1]!.report({ call, frames: [call], message: "" });
    expect(found()).toEqual(["general 1"]);
  });

  test("reports about no call at all concern no exchange", () => {
    const { contexts, found, traffic } = arena(middle, general);
    const { session } = traffic.call({ seq: 1 });
    for (const { report } of contexts) report({ session, frames: [], message: "" });
    expect(found()).toEqual(["middle 1", "general 1"]);
  });
});

describe("the context", () => {
  test("hands on arguments, results and the world", () => {
    const { rule, context } = spying();
    new RuleEngine([rule], WORLD);
    const call = created().call({ seq: 1 });
    expect([context().argsOf(call, 2), context().resultOf(call, 3)]).toEqual(["args 2", "result 3"]);
    expect([[...context().servers], [...context().connections]]).toEqual([[], []]);
  });

  test("asks the world anew: servers that came later are there", () => {
    const world = { ...WORLD, servers: [] as string[] };
    const { rule, context } = spying();
    new RuleEngine([rule], world as unknown as World);
    const { servers } = context();
    world.servers = ["late"];
    expect([...servers]).toEqual(["late"]);
  });

  test("knows the order of two sightings", () => {
    const { rule, context } = spying();
    new RuleEngine([rule], WORLD);
    const { isOrdered } = context();
    const traffic = created();
    const [a, b] = [traffic.connection, traffic.connect()];
    const at = (nanos: number, capture = 0) => ({ capture, frame: 1, at: nanos });
    expect(isOrdered(at(1), a, at(2), a)).toBe(true);
    expect(isOrdered(at(2), a, at(1), a)).toBe(false);
    // Half a millisecond between connections, and between captures of one.
    expect(isOrdered(at(0), a, at(400_000), b)).toBe(false);
    expect(isOrdered(at(0), a, at(600_000), b)).toBe(true);
    expect(isOrdered(at(0), a, at(400_000, 1), a)).toBe(false);
    b.roundTripNanos = 1e6;
    expect(isOrdered(at(0), a, at(600_000), b)).toBe(false);
  });
});
