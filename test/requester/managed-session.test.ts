import { describe, expect, test } from "vitest";
import {
  NFS4ERR_BADSLOT,
  NFS4ERR_DELAY,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_SEQ_MISORDERED,
} from "../../src/nfs4/constants.ts";
import { LOOKUP4args } from "../../src/nfs4/ops/namespace.ts";
import { replyText } from "../../src/requester/compound-reply.ts";
import type { ManagedOutcome } from "../../src/requester/managed-request.ts";
import type { ManagedSession } from "../../src/requester/managed-session.ts";
import { operationCall } from "../../src/requester/operation-call.ts";
import { integer, random } from "../support/random.ts";
import { fakeWorld } from "../support/requester-fixture.ts";

const lookup = operationCall("LOOKUP", LOOKUP4args);
const one = (objname: string) => [lookup({ objname })];
const text = (outcome: ManagedOutcome) => (outcome.kind === "reply" ? replyText(outcome.reply) : outcome.kind);
const names = (count: number) => Array.from({ length: count }, (_, index) => `name ${index}`);

describe("ManagedSession", () => {
  test("makes client ID and session, reclaims nothing, and uses the lowest free slot", async () => {
    const { timers, server, managed } = fakeWorld();
    const slots: number[] = [];
    const session = await managed();
    expect(server.seen).toEqual(["EXCHANGE_ID", "CREATE_SESSION", "RECLAIM_COMPLETE"]);
    server.onSequence = ({ sa_slotid, sa_sequenceid }) => {
      slots.push(sa_slotid, sa_sequenceid);
      return null;
    };
    for (const name of names(3))
      expect(text(await timers.until(session.compound(one(name))))).toBe("SEQUENCE OK, LOOKUP OK");
    expect(slots).toEqual([0, 2, 0, 3, 0, 4]);
  });

  test("more requests than slots wait their turn; every one is executed once", async () => {
    const { timers, server, managed } = fakeWorld({ latencyMillis: () => 5 });
    const session = await managed({ connections: 3 });
    const outcomes = await timers.until(Promise.all(names(100).map((name) => session.compound(one(name)))));
    expect(outcomes.every(({ kind }) => kind === "reply")).toBe(true);
    expect([...server.executed].sort()).toEqual(names(100).sort());
    expect(session.connections).toHaveLength(3);
    expect(session.session?.model.fore.outstanding).toBe(0);
  });

  test("DELAY on SEQUENCE is sent again with the same slot and sequence id, after a growing pause", async () => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed();
    const seen: { at: number; seq: number }[] = [];
    server.onSequence = ({ sa_sequenceid: seq }) => {
      seen.push({ at: Math.round(timers.nowMillis), seq });
      return seen.length < 4 ? NFS4ERR_DELAY : null;
    };
    const start = timers.nowMillis;
    expect(text(await timers.until(session.compound(one("a"))))).toBe("SEQUENCE OK, LOOKUP OK");
    expect(seen.map(({ seq }) => seq)).toEqual([2, 2, 2, 2]);
    expect(seen.map(({ at }) => at - Math.round(start))).toEqual([0, 10, 30, 70]);
  });

  test("DELAY on a later operation is the caller's", async () => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed();
    server.onOperation = () => NFS4ERR_DELAY;
    expect(text(await timers.until(session.compound(one("a"))))).toBe("SEQUENCE OK, LOOKUP NFS4ERR_DELAY");
  });

  test("a request that SEQUENCE refuses for what it is fails, and the slot goes on", async () => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed();
    server.onSequence = () => NFS4ERR_REQ_TOO_BIG;
    const failed = await timers.until(session.compound(one("a")));
    expect(failed).toEqual({ kind: "failed", why: "SEQUENCE NFS4ERR_REQ_TOO_BIG", status: NFS4ERR_REQ_TOO_BIG });
    server.onSequence = null;
    expect(text(await timers.until(session.compound(one("b"))))).toBe("SEQUENCE OK, LOOKUP OK");
  });

  test("BADSLOT moves the request to a lower slot", async () => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed();
    server.onSequence = ({ sa_slotid }) => (sa_slotid > 1 ? NFS4ERR_BADSLOT : null);
    const outcomes = await timers.until(Promise.all(names(8).map((name) => session.compound(one(name)))));
    expect(outcomes.map(text)).toEqual(Array(8).fill("SEQUENCE OK, LOOKUP OK"));
    expect(server.executed).toHaveLength(8);
  });

  test("what was cut off is retried on a new connection: same slot, same sequence id, executed once", async () => {
    const { timers, server, network, managed } = fakeWorld({ latencyMillis: () => 10 });
    const session = await managed();
    const sent: string[] = [];
    server.onSequence = ({ sa_slotid, sa_sequenceid }) => {
      sent.push(`${sa_slotid}:${sa_sequenceid}`);
      return null;
    };
    const asked = Promise.all(names(3).map((name) => session.compound(one(name))));
    // The requests have arrived, the replies are on their way.
    await timers.advance(15);
    network.links[0]?.cut();
    const outcomes = await timers.until(asked);
    expect(outcomes.map(text)).toEqual(Array(3).fill("SEQUENCE OK, LOOKUP OK"));
    expect(server.executed).toEqual(names(3));
    expect(sent).toEqual(["0:2", "1:1", "2:1", "0:2", "1:1", "2:1"]);
    expect(server.seen.filter((name) => name === "BIND_CONN_TO_SESSION")).toHaveLength(1);
  });

  test("a retry whose reply was not kept is told as that", async () => {
    const { timers, network, managed, server } = fakeWorld({ latencyMillis: () => 10 });
    const session = await managed();
    const asked = session.compound(one("a"), { cachethis: false });
    await timers.advance(15);
    network.links[0]?.cut();
    expect((await timers.until(asked)).kind).toBe("uncached");
    expect(server.executed).toEqual(["a"]);
  });

  test("a server that does not answer is left, and asked again on another connection", async () => {
    const { timers, server, managed } = fakeWorld({}, { timeoutMillis: 1000 });
    const session = await managed();
    let silences = 2;
    server.onSequence = () => (silences-- > 0 ? "silent" : null);
    expect(text(await timers.until(session.compound(one("a"))))).toBe("SEQUENCE OK, LOOKUP OK");
    expect(server.executed).toEqual(["a"]);
  });

  test.each([
    ["session", false, ["CREATE_SESSION"]],
    ["client ID", true, ["CREATE_SESSION", "EXCHANGE_ID", "CREATE_SESSION", "LOOKUP", "RECLAIM_COMPLETE"]],
  ])("a lost %s is made anew, and requests that were not executed start over", async (_what, withClients, calls) => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed({ reclaim: async (send) => void (await send(one("reclaimed"))) });
    server.restart(withClients);
    server.seen.length = 0;
    const outcomes = await timers.until(Promise.all(names(5).map((name) => session.compound(one(name)))));
    expect(outcomes.map(text)).toEqual(Array(5).fill("SEQUENCE OK, LOOKUP OK"));
    expect(server.seen.slice(5, 5 + calls.length)).toEqual(calls);
    expect(server.executed.filter((name) => name !== "reclaimed").sort()).toEqual(names(5));
    expect(session.renewals).toBe(1);
  });

  test("a request that was cut off in a lost session may have been executed: only a repeatable one goes out again", async () => {
    const { timers, server, network, managed } = fakeWorld({ latencyMillis: () => 10 });
    const session = await managed();
    const asked = [session.compound(one("once")), session.compound(one("again"), { isRepeatable: true })];
    await timers.advance(15);
    network.links[0]?.cut();
    server.restart(false);
    const outcomes = await timers.until(Promise.all(asked));
    expect(outcomes.map(({ kind }) => kind)).toEqual(["unsure", "reply"]);
    expect(server.executed).toEqual(["once", "again", "again"]);
  });

  test("slots out of step are given up; with the last of them goes the session", async () => {
    const { timers, server, managed } = fakeWorld();
    server.slots = 2;
    const session = await managed();
    let refusals = 2;
    server.onSequence = () => (refusals-- > 0 ? NFS4ERR_SEQ_MISORDERED : null);
    const outcomes = await timers.until(Promise.all(names(4).map((name) => session.compound(one(name)))));
    expect(outcomes.map(text)).toEqual(Array(4).fill("SEQUENCE OK, LOOKUP OK"));
    expect([...server.executed].sort()).toEqual(names(4));
    expect(session.renewals).toBe(1);
  });

  test("a server out of reach is waited for, but not for ever", async () => {
    const { timers, network, server, managed } = fakeWorld();
    const session = await managed({ patienceMillis: 10_000 });
    network.isDown = true;
    network.links[0]?.cut();
    const patient = session.compound(one("a"));
    await timers.advance(3000);
    network.isDown = false;
    expect(text(await timers.until(patient))).toBe("SEQUENCE OK, LOOKUP OK");
    network.isDown = true;
    network.links[1]?.cut();
    await timers.advance(1);
    const vain = await timers.until(session.compound(one("b")));
    expect(vain).toMatchObject({ kind: "failed", why: expect.stringContaining("ECONNREFUSED") });
    network.isDown = false;
    expect(text(await timers.until(session.compound(one("c"))))).toBe("SEQUENCE OK, LOOKUP OK");
    expect(server.executed).toEqual(["a", "c"]);
  });

  test("a caller may stop waiting; the slot is still seen to its end", async () => {
    const { timers, server, managed } = fakeWorld({ latencyMillis: () => 10 });
    const session = await managed();
    const caller = new AbortController();
    const sent = session.compound(one("a"), { signal: caller.signal });
    await timers.advance(5);
    caller.abort();
    expect(await sent).toEqual({ kind: "unsure", why: "called off" });
    expect(await session.compound(one("never"), { signal: caller.signal })).toMatchObject({ kind: "failed" });
    await timers.advance(100);
    expect(session.session?.model.fore.outstanding).toBe(0);
    expect(server.executed).toEqual(["a"]);
  });

  test("closing destroys what was made and tells those who wait", async () => {
    const { timers, server, managed } = fakeWorld();
    const session = await managed();
    server.onSequence = () => "silent";
    const waits = session.compound(one("a"));
    await timers.advance(10);
    await timers.until(session.close(true));
    expect((await waits).kind).toBe("unsure");
    expect(server.seen.slice(-2)).toEqual(["DESTROY_SESSION", "DESTROY_CLIENTID"]);
    expect(server.sessions.size).toBe(0);
    expect((await session.compound(one("b"))).kind).toBe("failed");
    await timers.advance(10_000);
    expect(server.peers).toHaveLength(0);
  });
});

/** Nothing is executed twice, every caller is told, and both sides agree in the end, whatever the weather. */
async function storm(seed: number): Promise<void> {
  const next = random(seed);
  const { timers, server, network, managed } = fakeWorld(
    {
      latencyMillis: () => integer(next, 0, 30),
      segmentBytes: () => integer(next, 1, 400),
      breaks: () => next() < 0.01,
    },
    { timeoutMillis: 5000 },
  );
  const session: ManagedSession = await managed({ connections: integer(next, 1, 3), patienceMillis: 600_000 });
  server.onSequence = () => (next() < 0.05 ? NFS4ERR_DELAY : next() < 0.01 ? "silent" : null);
  const asked = Promise.all(names(60).map((name) => session.compound(one(name))));
  const outcomes = await timers.until(asked);
  const context = `seed ${seed}`;
  expect(new Set(server.executed).size, context).toBe(server.executed.length);
  for (const [index, { kind }] of outcomes.entries()) {
    const wasExecuted = server.executed.includes(`name ${index}`);
    if (kind === "reply" || kind === "uncached") expect(wasExecuted, context).toBe(true);
    if (kind === "failed") expect(wasExecuted, context).toBe(false);
  }
  expect(
    outcomes.filter(({ kind }) => kind !== "reply"),
    context,
  ).toEqual([]);
  expect(network.links.length).toBeGreaterThan(0);
}

test("300 storms", async () => {
  for (let seed = 1; seed <= 300; seed++) await storm(seed);
}, 60_000);
