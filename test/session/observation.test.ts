import { describe, expect, test } from "vitest";
import { CLIENTS_MAX, Observation } from "../../src/session/observation.ts";
import type { ObservedServer } from "../../src/session/observed-server.ts";
import { created, ModelTraffic, SESSION } from "../support/model-traffic.ts";

const BADSESSION = 10052;
const DEADSESSION = 10078;
const DELAY = 10008;
const OTHER = "0b".repeat(16);

describe("sessions", () => {
  test("one that was never created in the capture is adopted, its facts unknown", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5);
    expect(traffic.session()).toMatchObject({ created: null, client: null, flags: null, isUnproven: false });
    expect(traffic.session()!.foreAttributes.granted).toBeNull();
    expect(traffic.session()!.isBound(traffic.connection, "fore")).toBe(true);
  });

  test("refused with BADSESSION before anything else was seen of it, it never was", () => {
    const traffic = new ModelTraffic();
    const call = traffic.call({ seq: 5 });
    traffic.news();
    traffic.fail(call, BADSESSION);
    expect(traffic.news()).toEqual(["unknown-session"]);
    expect(traffic.session()).toBeUndefined();
    expect(call.slot).toBeNull();
  });

  test.each([BADSESSION, DEADSESSION])("status %i on a live one disowns it: later calls are not judged", (status) => {
    const traffic = created();
    traffic.exchange(1, 3);
    const reply = traffic.fail(traffic.call({ seq: 4 }), status);
    expect(traffic.session()).toMatchObject({ disowned: reply, isLive: false, ended: null });
    traffic.news();
    const late = traffic.call({ seq: 9 });
    expect(traffic.news()).toEqual(["call-dead-session"]);
    expect(late.verdict).toBe("unjudged");
    expect(traffic.slot().lastSeq).toBe(3);
  });

  test("equal ids at two servers are two sessions", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5);
    traffic.exchange(1, 1, { on: traffic.connect("10.0.0.2:900", "10.0.0.9:2049") });
    expect(traffic.observation.servers.size).toBe(2);
    expect(traffic.session(SESSION, "10.0.0.9:2049")!.fore.slots[0]!.lastSeq).toBe(1);
    expect(traffic.slot().lastSeq).toBe(5);
  });

  test("errors of SEQUENCE and status flags are counted", () => {
    const traffic = created();
    traffic.fail(traffic.call({ seq: 1 }), DELAY);
    traffic.failWhole(traffic.call({ seq: 1 }), 10006);
    traffic.ok(traffic.call({ seq: 1 }), { flags: 0x201 });
    traffic.ok(traffic.call({ seq: 2 }), { flags: 1 });
    expect([...traffic.session()!.sequenceErrors]).toEqual([
      [DELAY, 1],
      [10006, 1],
    ]);
    expect([...traffic.session()!.statusFlagCounts]).toEqual([
      [0, 2],
      [9, 1],
    ]);
  });

  test("only so many are remembered, the oldest goes first", () => {
    const traffic = new ModelTraffic();
    for (let number = 0; number < 16_385; number++) traffic.exchange(1, 1, { session: number.toString(16) });
    expect(traffic.observation.sessionsDropped).toBe(1);
    expect(traffic.news().filter((kind) => kind === "session-forgotten")).toHaveLength(1);
    expect(traffic.session("0")).toBeUndefined();
    expect(traffic.observation.limits()[0]).toEqual({ name: "sessions of a server", bound: 16_384, dropped: 1 });
  });
});

describe("what a reply says of itself", () => {
  test.each([
    ["session", { session: OTHER }, SESSION, OTHER],
    ["seq", { seq: 7 }, "1", "7"],
    ["slot", { slot: 2 }, "0", "2"],
  ])("another %s", (field, changes, sent, got) => {
    const traffic = created();
    const call = traffic.call({ seq: 1 });
    traffic.news();
    traffic.ok(call, changes);
    expect(traffic.told[0]).toEqual({ call, field, sent, got });
    expect(traffic.news()).toEqual(["reply-mismatch", "answer-clean"]);
  });
});

describe("limits of the table", () => {
  test("come from replies to new requests, not from replayed ones", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }), { highest: 9, target: 7 });
    const { fore } = traffic.session()!;
    expect(fore).toMatchObject({ highestSlotId: 9, targetHighestSlotId: 7, highestSlotIdEver: 9, wasLowered: false });
    traffic.ok(traffic.call({ seq: 1 }), { highest: 2 });
    expect(fore).toMatchObject({ highestSlotId: 9, wasLowered: false });
    traffic.ok(traffic.call({ seq: 2 }), { highest: 2 });
    expect(fore).toMatchObject({ highestSlotId: 2, highestSlotIdEver: 9, wasLowered: true, limit: 9 });
  });

  test("a slot above all that was ever allowed is told of before its verdict", () => {
    const traffic = created(4);
    traffic.call({ seq: 1, slot: 3 });
    expect(traffic.news()).toEqual(["call-new", "slot-skipped"]);
    traffic.call({ seq: 1, slot: 4 });
    expect(traffic.news()).toEqual(["call-beyond-table", "call-new", "slot-skipped"]);
  });

  test("an absurd slot id costs no memory and is judged by nothing", () => {
    const traffic = created(4);
    const call = traffic.call({ seq: 1, slot: 0xffff_ffff });
    expect(call).toMatchObject({ slot: null, verdict: "unjudged" });
    traffic.fail(call, 10053);
    expect(traffic.news()).toEqual(["call-beyond-table", "answer"]);
    expect(traffic.session()!.fore).toMatchObject({ omitted: 1, slotsUsed: 0 });
    expect(traffic.session()!.fore.slots).toHaveLength(0);
  });
});

describe("outstanding calls", () => {
  test("are counted up to the reply, or until they are given up", () => {
    const traffic = created();
    const calls = [0, 1, 2].map((slot) => traffic.call({ seq: 1, slot }));
    const { fore } = traffic.session()!;
    expect(fore).toMatchObject({ outstanding: 3, maxOutstanding: 3 });
    traffic.ok(calls[0]!);
    traffic.news();
    traffic.close(traffic.connection, calls[1]!);
    expect(traffic.news()).toEqual(["unanswered"]);
    traffic.observation.release(calls[2]!);
    traffic.observation.release(calls[2]!);
    expect(traffic.news()).toEqual([]);
    expect(fore).toMatchObject({ outstanding: 0, maxOutstanding: 3 });
    expect(calls.map(({ isOutstanding }) => isOutstanding)).toEqual([false, false, false]);
  });
});

describe("replies without a call", () => {
  const orphan = (traffic: ModelTraffic, seq: number, { slotId = 0, on = traffic.connection, xid = 9 } = {}) => {
    const { capture, frame, at } = traffic.newReply();
    const result = { sessionId: SESSION, slotId, seq };
    traffic.observation.orphanReply(on, xid, { result }, { capture, frame, at });
  };

  test("tell where a slot stands", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5);
    traffic.news();
    orphan(traffic, 6);
    expect(traffic.news()).toEqual(["reply-orphan"]);
    expect(traffic.slot()).toMatchObject({ lastSeq: 6, anchor: "adopted", current: null, cleanRun: 0 });
    expect(traffic.call({ seq: 7 })).toMatchObject({ verdict: "new", previous: null });
  });

  test("of an older request tell nothing", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5, 8);
    orphan(traffic, 6);
    expect(traffic.slot()).toMatchObject({ lastSeq: 8 });
  });

  test("of a slot that nobody named before adopt it", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5);
    orphan(traffic, 30, { slotId: 2 });
    expect(traffic.call({ seq: 31, slot: 2 }).verdict).toBe("new");
  });

  test("of a session that nobody named make none", () => {
    const traffic = new ModelTraffic();
    orphan(traffic, 6);
    expect(traffic.session()).toBeUndefined();
  });

  test("whose call went out on another connection are known for that", () => {
    const traffic = new ModelTraffic();
    const call = traffic.call({ seq: 5, xid: 77 });
    traffic.news();
    const on = traffic.connect();
    orphan(traffic, 5, { on, xid: 77 });
    expect(traffic.told[0]).toMatchObject({ call, connection: on });
    expect(traffic.news()).toEqual(["reply-elsewhere"]);
    // The slot is free all the same.
    expect(traffic.call({ seq: 6 }).verdict).toBe("new");
  });
});

describe("the back channel", () => {
  test("has a table of its own", () => {
    const traffic = created();
    traffic.exchange(1, 3);
    const call = traffic.newCall();
    Object.assign(call, { channel: "back", seq: 1, slotId: 0 });
    traffic.observation.sequenceCall(call, SESSION);
    expect(call.verdict).toBe("new");
    expect(traffic.session()!.back).toMatchObject({ calls: 1, slotsUsed: 1 });
    expect(traffic.session()!.fore.calls).toBe(3);
  });
});

test("only so many servers are remembered", () => {
  const observation = new Observation(() => {});
  for (let number = 0; number < 4100; number++) observation.serverAt(`10.0.0.1:${number}`);
  expect(observation.serversDropped).toBe(4);
  expect(observation.servers.size).toBe(4096);
});

describe("the clients of an owner", () => {
  const idsOf = (server: ObservedServer, owner: string) => [...server.clientsOf(owner)].map(({ clientId }) => clientId);

  test("are found, ended ones too, under the owner that was named last", () => {
    const traffic = new ModelTraffic();
    traffic.exchangeId("c1", { owner: "aa" });
    traffic.exchangeId("c2", { owner: "aa", verifier: "02" });
    traffic.exchangeId("c3", { owner: "bb" });
    const [server] = traffic.observation.servers;
    expect([idsOf(server!, "aa"), idsOf(server!, "bb"), idsOf(server!, "cc")]).toEqual([["c1", "c2"], ["c3"], []]);
    traffic.exchangeId("c2", { owner: "bb" });
    expect([idsOf(server!, "aa"), idsOf(server!, "bb")]).toEqual([["c1"], ["c3", "c2"]]);
  });

  test("do not include those that were forgotten", () => {
    const traffic = new ModelTraffic();
    for (let id = 0; id <= CLIENTS_MAX; id++) traffic.exchangeId(`c${id}`, { owner: id === 0 ? "aa" : "bb" });
    const [server] = traffic.observation.servers;
    expect(idsOf(server!, "aa")).toEqual([]);
    expect(idsOf(server!, "bb")).toHaveLength(CLIENTS_MAX);
  });
});
