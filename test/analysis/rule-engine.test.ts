import { describe, expect, test } from "vitest";
import { RuleEngine, type World } from "../../src/analysis/rule-engine.ts";
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
