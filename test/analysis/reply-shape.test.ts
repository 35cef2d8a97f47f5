import { describe, expect, test } from "vitest";
import { op, type Scenario, scenario } from "../support/scenario.ts";
import { resultOf } from "../support/scenario-operations.ts";

const NOENT = 2;
const DELAY = 10008;
const MISORDERED = 10063;

/** What checkShape tells of: the analyzer's facts, heard through its observation. */
function shapes(wire: Scenario, story: () => void): unknown[] {
  const told: unknown[] = [];
  const { engine } = wire.wire.analyzer;
  const tell = engine.tell.bind(engine);
  engine.tell = (kind, fact) => {
    if (kind === "reply-shape") told.push((fact as { problem: string }).problem);
    if (kind === "status-not-listed") {
      const { operation, status } = fact as { operation: number; status: number };
      told.push([operation, status]);
    }
    tell(kind, fact);
  };
  story();
  return told;
}

const steps = [op.putfh(), op.lookup(), op.getattr()];

describe("replies as they should be", () => {
  test.each([
    ["all of it", []],
    ["up to the operation that failed", [0, 0, NOENT]],
    ["SEQUENCE refused", [DELAY]],
  ])("%s", (_, statuses) => {
    const wire = scenario();
    const call = wire.session().slot(0).send(1, steps);
    expect(shapes(wire, () => void call.ok(statuses))).toEqual([]);
  });

  test("an operation of no minor version is answered as ILLEGAL", () => {
    const wire = scenario();
    const call = wire
      .session()
      .slot(0)
      .send(1, [op.step("ILLEGAL")]);
    expect(shapes(wire, () => void call.ok([0, 10044]))).toEqual([]);
  });
});

describe("no results", () => {
  test.each([
    [DELAY, 1, []],
    [10018, 1, ["zero-results-status"]],
    [MISORDERED, 0, []],
    [MISORDERED, 5, ["zero-results-status"]],
    [0, 1, ["zero-results-status"]],
  ])("with status %i to sequence id %i", (status, seq, expected) => {
    const wire = scenario();
    const session = wire.session();
    expect(shapes(wire, () => void session.slot(0).send(seq, steps).results(status, []))).toEqual(expected);
  });

  test("are all that a compound without operations can have", () => {
    const wire = scenario();
    const connection = wire.connect();
    expect(shapes(wire, () => void connection.call([]).results(0, []))).toEqual([]);
  });
});

describe("replies that contradict themselves or the call", () => {
  const sequence = (wire: Scenario) => {
    const session = wire.session();
    return { call: session.slot(0).send(1, steps), head: resultOf(session.sequence(0, 1)) };
  };

  test("results behind one that failed", () => {
    const wire = scenario();
    const { call, head } = sequence(wire);
    const results = [head, resultOf(op.putfh(), 70), resultOf(op.lookup())];
    expect(shapes(wire, () => void call.results(0, results))).toEqual(["results-after-error"]);
  });

  test("results of other operations", () => {
    const wire = scenario();
    const { call, head } = sequence(wire);
    const results = [head, resultOf(op.putfh()), resultOf(op.access())];
    expect(shapes(wire, () => void call.results(0, results))).toEqual(["operations-differ"]);
  });

  test("more results than operations", () => {
    const wire = scenario();
    const { call, head } = sequence(wire);
    const results = [head, ...steps.map((step) => resultOf(step)), resultOf(op.getfh())];
    expect(shapes(wire, () => void call.results(0, results))).toEqual(["operations-differ"]);
  });

  test("a status that is not the last result's", () => {
    const wire = scenario();
    const { call } = sequence(wire);
    expect(shapes(wire, () => void call.ok([], { status: DELAY }))).toEqual(["status-contradicts"]);
  });

  test("another tag", () => {
    const wire = scenario();
    const session = wire.session();
    const told = shapes(wire, () => void session.slot(0).send(1, steps, { tag: "a" }).ok([], { tag: "b" }));
    expect(told).toEqual(["tag-changed"]);
  });

  test("a status that the operation cannot have", () => {
    const wire = scenario();
    const { call } = sequence(wire);
    expect(shapes(wire, () => void call.ok([0, NOENT]))).toEqual([[22, NOENT]]);
  });
});
