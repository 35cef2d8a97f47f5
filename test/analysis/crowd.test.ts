import { describe, expect, test } from "vitest";
import { upheavalOf } from "../../src/analysis/crowd.ts";
import type { Finding } from "../../src/rules/finding.ts";
import { ruleLike, SEQ_GAP } from "../support/analysis-fixture.ts";
import { created, SERVER } from "../support/model-traffic.ts";
import { type Connection, op, type Scenario, type Session, scenario } from "../support/scenario.ts";

const BADSESSION = 10052;
const MISORDERED = 10063;
const STALE_CLIENTID = 10022;
const SLOTS = 16;
const WRITING = [op.putfh(), op.write()];

/** Sixteen slots that were used once, over four connections. */
function busy(wire: Scenario) {
  const connections = [wire.connect(), wire.connect(), wire.connect(), wire.connect()];
  const session = wire.session({ slots: SLOTS, on: connections[0]! });
  for (let id = 0; id < SLOTS; id++) session.slot(id).exchange(1, 1, WRITING, on(connections, id));
  return { session, connections };
}

const on = (connections: readonly Connection[], id: number) => ({
  on: connections[id % connections.length]!,
  highest: SLOTS - 1,
  cachethis: true,
});

/** The same request on each slot. */
function sendAll(session: Session, connections: readonly Connection[], seq: number) {
  return Array.from({ length: SLOTS }, (_, id) => session.slot(id).send(seq, WRITING, on(connections, id)));
}

function reconnect(wire: Scenario, connections: readonly Connection[]): Connection[] {
  for (const connection of connections) connection.close("rst");
  wire.wait(8);
  return connections.map(() => wire.connect());
}

function found(wire: Scenario, rule: string): readonly Finding[] {
  return wire.wire.findings().filter((finding) => finding.rule.id === rule);
}

describe("a server restarts while sixteen requests are outstanding over four connections", () => {
  function restarted(): Scenario {
    const wire = scenario();
    const { session, connections } = busy(wire);
    sendAll(session, connections, 2);
    const again = reconnect(wire, connections);
    for (const call of sendAll(session, again, 2)) call.fail(BADSESSION);
    again[0]!.destroySession(session.id).fail(BADSESSION);
    again[0]!.createSessionCall(1n, { sequence: 2 }).call.fail(STALE_CLIENTID);
    const fresh = wire.session({ slots: SLOTS, on: again[0]! });
    for (let id = 0; id < SLOTS; id++) fresh.slot(id).exchange(1, 1, WRITING, on(again, id));
    return wire;
  }

  test("each thing that it did is told once, with the count", () => {
    const findings = restarted().wire.findings();
    const storm = findings.filter(({ rule }) => rule.oncePerUpheaval === true);
    const told = storm.map(({ rule, occurrences, slot }) => [rule.id, occurrences, slot] as const);
    expect(told).toEqual([
      ["retry-new-xid", SLOTS, null],
      ["retry-after-disconnect", SLOTS, null],
      ["badsession-for-live", 1, 0],
      ["create-session-stale", 1, null],
      ["conn-reset-with-outstanding", 4, null],
    ]);
  });

  test("nobody is accused", () => {
    const findings = restarted().wire.findings();
    const accusing = findings.filter(({ severity, fault }) => severity !== "note" && /client|server/.test(fault));
    expect(accusing.map(({ rule }) => rule.id)).toEqual([]);
  });

  test("its connections are counted, too", () => {
    const [finding] = found(restarted(), "conn-reset-with-outstanding");
    expect(finding!.message).toMatch(/; 4 connections in all: server 10\.0\.0\.1:2049 restarted$/);
  });

  test("the finding says what happened, and where it is the same for all", () => {
    const [finding] = found(restarted(), "retry-after-disconnect");
    expect(finding!.message).toMatch(/^slot 0: seq 2 was lost .*; 16 slots in all: server 10\.0\.0\.1:2049 restarted$/);
    expect(finding).toMatchObject({ slot: null, connection: null, seq: 2, channel: "fore" });
    expect(finding!.session).not.toBeNull();
    expect(finding!.samples).toHaveLength(8);
  });
});

test("ten clients notice a restart: one finding for each thing, not for each client", () => {
  const wire = scenario();
  const mounts = Array.from({ length: 10 }, (_, i) => {
    const connection = wire.connect(`10.0.1.${i}:800`);
    const { clientId } = connection.exchangeId({ owner: `owner ${i}` });
    const session = connection.createSession(clientId);
    session.slot(0).exchange(1);
    return { connection, session, clientId };
  });
  for (const { connection } of mounts) connection.close("rst");
  wire.wait(8);
  for (const [i, { session, clientId }] of mounts.entries()) {
    const connection = wire.connect(`10.0.1.${i}:801`);
    session.slot(0).send(2, undefined, { on: connection }).fail(BADSESSION);
    connection.createSessionCall(clientId, { sequence: 2 }).call.fail(STALE_CLIENTID);
    wire.wait(5);
  }
  const [lost, ...others] = found(wire, "badsession-for-live");
  expect(others).toEqual([]);
  expect(lost).toMatchObject({ occurrences: 10, session: null, client: null, slot: null });
  expect(lost!.message).toMatch(/; 10 sessions in all: server 10\.0\.0\.1:2049 restarted$/);
  expect(found(wire, "create-session-stale")).toMatchObject([{ occurrences: 10, client: null }]);
});

describe("a node takes over an address, knows the session and none of its slots", () => {
  function takenOver(): Scenario {
    const wire = scenario();
    const { session, connections } = busy(wire);
    const again = reconnect(wire, connections);
    for (const call of sendAll(session, again, 2)) call.fail(MISORDERED);
    return wire;
  }

  test("one finding with the count, not one for each slot", () => {
    const accusing = takenOver()
      .wire.findings()
      .filter(({ severity, fault }) => severity !== "note" && fault !== "network");
    expect(accusing).toMatchObject([
      { rule: { id: "server-rejected-valid" }, fault: "server", confidence: "certain", occurrences: SLOTS, slot: null },
    ]);
    expect(accusing[0]!.message).toMatch(/16 slots in all: .* as after a takeover of its address$/);
  });

  test("nor when it goes on for ever", () => {
    const wire = scenario();
    const { session, connections } = busy(wire);
    const again = reconnect(wire, connections);
    for (let i = 0; i < 20; i++) {
      for (const call of sendAll(session, again, 2)) call.fail(MISORDERED);
      wire.wait(20);
    }
    const accusing = wire.wire.findings().filter(({ severity, fault }) => severity !== "note" && fault !== "network");
    expect(accusing.map(({ rule, slot }) => [rule.id, slot])).toEqual([
      ["server-rejected-valid", null],
      ["misordered-loop", null],
    ]);
  });

  test("nor for retries of requests that were outstanding", () => {
    const wire = scenario();
    const { session, connections } = busy(wire);
    sendAll(session, connections, 2);
    const again = reconnect(wire, connections);
    for (const call of sendAll(session, again, 2)) call.fail(MISORDERED);
    expect(found(wire, "retry-after-disconnect")).toMatchObject([{ occurrences: SLOTS, slot: null }]);
  });

  test("a slot that recovers and fails again has a finding of its own", () => {
    const wire = scenario();
    const { session, connections } = busy(wire);
    const again = reconnect(wire, connections);
    for (const call of sendAll(session, again, 2)) call.fail(MISORDERED);
    session.slot(3).exchange(2, 9, WRITING, on(again, 3));
    session.slot(3).send(10, WRITING, on(again, 3)).fail(MISORDERED);
    expect(found(wire, "server-rejected-valid")).toMatchObject([
      { slot: null, occurrences: SLOTS },
      { slot: 3, seq: 10, occurrences: 1 },
    ]);
  });
});

test("two slots refused are no upheaval: each has its finding", () => {
  const wire = scenario();
  const session = wire.session();
  for (const id of [0, 1]) {
    session.slot(id).exchange(1);
    session.slot(id).send(2).fail(MISORDERED);
  }
  expect(found(wire, "server-rejected-valid").map(({ slot }) => slot)).toEqual([0, 1]);
});

test("a lease that ran out is told once, however many slots waited", () => {
  const wire = scenario();
  const { session, connections } = busy(wire);
  session.slot(0).exchange(2, 2, [op.putrootfh(), op.open()], on(connections, 0));
  wire.wait(200);
  const calls = Array.from({ length: SLOTS - 1 }, (_, i) =>
    session.slot(i + 1).send(2, WRITING, on(connections, i + 1)),
  );
  for (const call of calls) call.fail(BADSESSION);
  expect(found(wire, "lease-expired-use")).toMatchObject([{ occurrences: 1 }]);
});

test("rules that do not say so, and reports without frames, belong to no upheaval", () => {
  const traffic = created();
  traffic.observation.serverAt(SERVER).upheavals.noteRestartSign("write-verifier-changed", 0);
  const call = traffic.call({ seq: 1 });
  const report = { call, frames: [call], message: "" };
  const once = ruleLike({ ...SEQ_GAP, oncePerUpheaval: true });
  expect(upheavalOf(once, { ...report, since: 0 })).toMatchObject({ kind: "restart" });
  expect(upheavalOf(SEQ_GAP, { ...report, since: 0 })).toBeNull();
  expect(upheavalOf(once, { ...report, frames: [] })).toBeNull();
});
