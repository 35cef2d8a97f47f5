import { describe, expect, test } from "vitest";
import { Upheavals } from "../../src/session/upheavals.ts";
import { created, type ModelTraffic, SERVER } from "../support/model-traffic.ts";

const SECOND = 1e9;
const MISORDERED = 10063;
const BADSESSION = 10052;

describe("restarts", () => {
  test("BADSESSION, then STALE_CLIENTID: one restart, from the opening of the connection on", () => {
    const upheavals = new Upheavals();
    expect(upheavals.noteRestartSign("bad-session", 10 * SECOND, 9 * SECOND)).toBe(false);
    expect(upheavals.noteRestartSign("stale-clientid", 11 * SECOND)).toBe(true);
    expect(upheavals.all).toEqual([{ kind: "restart", from: 9 * SECOND, at: 10 * SECOND }]);
  });

  test("what clients notice later belongs to it", () => {
    const upheavals = new Upheavals();
    for (const at of [10, 60, 120]) {
      upheavals.noteRestartSign("bad-session", at * SECOND);
      upheavals.noteRestartSign("connections-lost", at * SECOND);
    }
    expect(upheavals.all).toHaveLength(1);
  });

  test("the next one is another", () => {
    const upheavals = new Upheavals();
    for (const at of [10, 1000]) {
      upheavals.noteRestartSign("bad-session", at * SECOND);
      upheavals.noteRestartSign("connections-lost", at * SECOND);
    }
    expect(upheavals.all.map(({ at }) => at / SECOND)).toEqual([10, 1000]);
  });
});

describe("many at once", () => {
  const [a, b, c] = [{}, {}, {}];

  test("three slots refused within a moment", () => {
    const upheavals = new Upheavals();
    for (const [i, slot] of [a, b, c].entries())
      upheavals.noteLoss({ kind: "takeover", what: slot, at: 100 + i, from: 50 });
    expect(upheavals.all).toEqual([{ kind: "takeover", from: 50, at: 100 }]);
  });

  test.each([
    ["two slots", [a, b], 1],
    ["one slot three times", [a, a, a], 1],
    ["three slots, one after the other", [a, b, c], 10],
  ])("%s: nothing", (_, slots, secondsApart) => {
    const upheavals = new Upheavals();
    for (const [i, what] of slots.entries())
      upheavals.noteLoss({ kind: "takeover", what, at: i * secondsApart * SECOND, from: 0 });
    expect(upheavals.all).toEqual([]);
  });

  test("lost sessions turn out to be those of a restart", () => {
    const upheavals = new Upheavals();
    for (const [i, what] of [a, b, c].entries())
      upheavals.noteLoss({ kind: "sessions-lost", what, at: 100 + i, from: 50 });
    expect(upheavals.all).toEqual([{ kind: "sessions-lost", from: 50, at: 100 }]);
    upheavals.noteRestartSign("bad-session", 200);
    upheavals.noteRestartSign("stale-clientid", 210);
    expect(upheavals.all).toEqual([{ kind: "restart", from: 50, at: 100 }]);
  });
});

describe("what belongs to it", () => {
  function restarted(): Upheavals {
    const upheavals = new Upheavals();
    upheavals.noteRestartSign("bad-session", 100 * SECOND, 90 * SECOND);
    upheavals.noteRestartSign("connections-lost", 100 * SECOND, 90 * SECOND);
    return upheavals;
  }

  test.each([
    ["from before it until after it", 50, 110, true],
    ["until long after it", 50, 5000, true],
    ["until the new connection, before the first sign", 50, 95, true],
    ["over before", 50, 80, false],
    ["begun after it", 101, 110, false],
  ])("%s", (_, since, to, belongs) => {
    const [upheaval] = restarted().all;
    expect(restarted().between(since * SECOND, to * SECOND)).toEqual(belongs ? upheaval : null);
  });

  test.each([
    [80, false],
    [95, true],
    [200, true],
    [500, false],
  ])("without a past, at %s s", (at, belongs) => {
    expect(restarted().around(at * SECOND) !== null).toBe(belongs);
  });
});

describe("signs in the traffic", () => {
  const upheavals = (traffic: ModelTraffic) => traffic.observation.serverAt(SERVER).upheavals.all;

  test("a session is unknown after its connection was lost", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }));
    traffic.connection.closed = traffic.connection.opened;
    traffic.fail(traffic.call({ seq: 2, on: traffic.connect() }), BADSESSION);
    expect(upheavals(traffic)).toMatchObject([{ kind: "restart" }]);
  });

  test("a session is unknown on the connection that carried it: it may be that session alone", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }));
    traffic.fail(traffic.call({ seq: 2 }), BADSESSION);
    expect(upheavals(traffic)).toEqual([]);
  });

  test("the right sequence ids of three slots are refused", () => {
    const traffic = created();
    for (const slot of [0, 1, 2]) traffic.fail(traffic.call({ seq: 1, slot }), MISORDERED);
    expect(upheavals(traffic)).toMatchObject([{ kind: "takeover" }]);
  });

  test("retries are refused after a reconnect: perhaps their originals still run, until new requests are refused, too", () => {
    const traffic = created(8);
    for (const slot of [0, 1, 2, 3, 4, 5]) traffic.ok(traffic.call({ seq: 1, slot }));
    for (const slot of [0, 1, 2]) traffic.observation.abandon(traffic.call({ seq: 2, slot }));
    const on = traffic.connect();
    for (const slot of [0, 1, 2]) traffic.fail(traffic.call({ seq: 2, slot, on }), MISORDERED);
    expect(upheavals(traffic)).toMatchObject([{ kind: "slots-refused" }]);
    for (const slot of [3, 4, 5]) traffic.fail(traffic.call({ seq: 2, slot, on }), MISORDERED);
    expect(upheavals(traffic)).toMatchObject([{ kind: "takeover" }]);
  });

  test("wrong sequence ids are refused", () => {
    const traffic = created();
    for (const slot of [0, 1, 2]) traffic.fail(traffic.call({ seq: 7, slot }), MISORDERED);
    expect(upheavals(traffic)).toEqual([]);
  });

  test("another server owner at the same address, and a session that is gone", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }));
    traffic.fail(traffic.call({ seq: 2 }), BADSESSION);
    traffic.exchangeId("c9", { server: "another" });
    expect(upheavals(traffic)).toMatchObject([{ kind: "restart" }]);
  });
});
