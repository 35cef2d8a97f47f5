import { describe, expect, test } from "vitest";
import { KeptRequests } from "../../src/analysis/kept-requests.ts";
import { Compound } from "../../src/nfs4/compound.ts";
import type { ObservedSlot } from "../../src/session/observed-slot.ts";
import { created } from "../support/model-traffic.ts";
import { op, type Scenario, type SendOptions, type Step, scenario } from "../support/scenario.ts";

/** What the false retry of slot 1 shows, which takes the place of `before`. */
function evidence(before: readonly Step[], after: readonly Step[], { first = {}, again = {} }: Options = {}) {
  const wire = scenario();
  const slot = wire.session({ slots: 4 }).slot(1);
  slot.send(1, before, first).ok();
  slot.send(1, after, again).fail(10076);
  return evidenceOf(wire);
}

interface Options {
  first?: SendOptions;
  again?: SendOptions;
}

function evidenceOf(wire: Scenario, id = /^(backchannel-)?false-retry/) {
  const found = wire.wire.findings().find(({ rule }) => id.test(rule.id));
  return found?.evidence;
}

describe("what a false retry differs in", () => {
  test("the operations and the first argument", () => {
    expect(
      evidence([op.putrootfh(), op.lookup("a"), op.getfh()], [op.putrootfh(), op.lookup("b"), op.getfh()]),
    ).toMatchObject({
      operations: {
        before: ["SEQUENCE", "PUTROOTFH", "LOOKUP", "GETFH"],
        after: ["SEQUENCE", "PUTROOTFH", "LOOKUP", "GETFH"],
      },
      firstDifference: { operation: 2, name: "LOOKUP", path: "lookup.objname", before: '"a"', after: '"b"' },
    });
  });

  test("other operations", () => {
    expect(evidence([op.putfh(), op.remove()], [op.putfh()])?.firstDifference).toMatchObject({
      path: "operation",
      before: "REMOVE",
      after: "none",
    });
  });

  test("bulk data that the record layer left out", () => {
    const data = (first: number) => new Uint8Array(20_000).fill(first, 0, 1);
    const shown = evidence(
      [op.putfh(), op.write(data(1)), op.getattr()],
      [op.putfh(), op.write(data(2)), op.getattr()],
    );
    expect(shown?.firstDifference).toMatchObject({
      path: "write.data",
      before: `20000 bytes, 0x01${"00".repeat(31)}…`,
    });
  });

  test("what follows bulk data", () => {
    const data = new Uint8Array(20_000);
    const shown = evidence([op.putfh(), op.write(data), op.getattr()], [op.putfh(), op.write(data), op.leaseTime(90)]);
    expect(shown?.firstDifference).toMatchObject({
      operation: 3,
      path: "getattr.attr_request",
      before: "bits 1",
      after: "bits 10",
    });
  });

  test("sa_cachethis alone", () => {
    expect(evidence([op.putfh()], [op.putfh()], { again: { cachethis: true } })?.firstDifference).toEqual({
      operation: 0,
      name: "SEQUENCE",
      path: "sequence.sa_cachethis",
      before: "false",
      after: "true",
    });
  });

  test("not beyond the bytes that are kept", () => {
    const long = Array.from({ length: 10 }, () => op.lookup("x".repeat(100)));
    expect(evidence([...long, op.lookup("a")], [...long, op.lookup("b")])).toEqual({
      slotBefore: { lastSeq: 1, state: "idle" },
      slotAfter: { lastSeq: 1, state: "idle" },
    });
  });

  test("also when other slots were used meanwhile", () => {
    const wire = scenario();
    const session = wire.session({ slots: 4 });
    session.slot(0).exchange(1, 3);
    session
      .slot(1)
      .send(1, [op.putfh(), op.lookup("a")])
      .ok();
    session.slot(0).exchange(4, 9);
    session.slot(2).exchange(1, 2);
    session
      .slot(1)
      .send(1, [op.putfh(), op.lookup("b")])
      .fail(10076);
    expect(evidenceOf(wire)?.firstDifference).toMatchObject({ path: "lookup.objname", before: '"a"', after: '"b"' });
  });

  test("where a later request was refused meanwhile", () => {
    const wire = scenario();
    const slot = wire.session({ slots: 4 }).slot(0);
    slot.exchange(1);
    slot.send(2, [op.putfh(), op.remove("a")]);
    slot.send(3, [op.putfh(), op.remove("b")]).fail(10063);
    slot.send(3, [op.putfh(), op.remove("c")]).fail(10063);
    slot.send(2, [op.putfh(), op.remove("d")]).ok();
    slot.exchange(3, 5);
    expect(evidenceOf(wire)?.firstDifference).toMatchObject({ path: "remove.target", before: '"a"', after: '"d"' });
  });

  test("of a true retry nothing is said", () => {
    const wire = scenario();
    const slot = wire.session({ slots: 4 }).slot(1);
    slot.send(1).ok();
    slot.send(1).ok();
    expect(evidenceOf(wire, /retry/)).not.toHaveProperty("firstDifference");
  });
});

describe("requests that are kept", () => {
  test("bulk data behind what fills the room, and cut off by the snap length", () => {
    const long = Array.from({ length: 6 }, () => op.lookup("x".repeat(100)));
    const data = new Uint8Array(5000);
    expect(evidence([...long, op.write(data)], [...long, op.write(data), op.getattr()])).not.toHaveProperty(
      "firstDifference",
    );
    const wire = scenario();
    const slot = wire.session({ slots: 4 }).slot(1);
    wire.wire.snapLength = 300;
    slot.send(1, [op.putfh(), op.write(data)]).ok();
    slot.send(1, [op.putfh(), op.write(data)]).ok();
    expect(wire.of("false-retry")).toEqual([]);
  });

  test("so many; then the one that was kept first goes", () => {
    const kept = new KeptRequests();
    expect(kept.limits()).toEqual([{ name: "requests kept for comparison", bound: 32_768, dropped: 0 }]);
    const traffic = created();
    const slots: ObservedSlot[] = [];
    const compound = new Compound();
    compound.kind = "call";
    for (let number = 0; number < 32_770; number++) {
      const call = traffic.call({ seq: 1, slot: number & 0xfff, session: `${number >> 12}` });
      kept.take(new Uint8Array(8), compound);
      kept.judged(call);
      traffic.ok(call);
      slots.push(call.slot!);
    }
    expect(kept.limits()[0]!.dropped).toBe(3);
    expect(slots.filter(({ keptAt }) => keptAt < 0)).toHaveLength(3);
    expect(new Set(slots.map(({ keptAt }) => keptAt)).size).toBe(32_768);
    // Those that have room keep it.
    for (let number = 100; number < 5000; number++) {
      const call = traffic.call({ seq: 2, slot: number & 0xfff, session: `${number >> 12}` });
      kept.take(new Uint8Array(8), compound);
      kept.judged(call);
    }
    expect(kept.limits()[0]!.dropped).toBe(3);
  });
});
