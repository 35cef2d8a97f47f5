import { describe, expect, test } from "vitest";
import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  NFS4ERR_BADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_SEQ_MISORDERED,
  SEQ4_STATUS_BACKCHANNEL_FAULT,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
} from "../../src/nfs4/constants.ts";
import type { CB_SEQUENCE4args } from "../../src/nfs4/ops/callback-session.ts";
import { backchannelCtl, openCreate, putRootFh } from "../../src/probe/operations.ts";
import type { CallbackDecision } from "../../src/requester/callback-replier.ts";
import { FORE_WISHES } from "../../src/requester/channel-wishes.ts";
import { sequenceOf } from "../../src/requester/compound-reply.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, type HandClientOptions } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";

const DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;

/** A callback as a client saw it. */
interface Seen {
  readonly at: number;
  readonly connection: number;
  readonly name: string;
  readonly sequence: CB_SEQUENCE4args | null;
}

/** Writes down all callbacks of a client and answers as it is told. */
function watch(client: HandClient, decide: (seen: Seen) => CallbackDecision = () => "answer"): Seen[] {
  const all: Seen[] = [];
  client.requester.callbacks.hook = ({ connection, message }) => {
    const seen = {
      at: client.world.timers.nowMillis,
      connection: connection.number,
      name: message?.operations[1]?.operation.name ?? "CB_NULL",
      sequence: message?.sequence ?? null,
    };
    all.push(seen);
    return decide(seen);
  };
  return all;
}

const recallsIn = (seen: readonly Seen[]) => seen.filter(({ name }) => name === "CB_RECALL");
const placesOf = (seen: readonly Seen[]) =>
  recallsIn(seen).map(({ sequence }) => `${sequence!.csa_slotid}:${sequence!.csa_sequenceid}`);

/** Somebody else opens the file for writing: the delegation is recalled. */
async function provoke(world: EmbeddedWorld): Promise<void> {
  const writer = await HandClient.open(world);
  await writer.run([putRootFh(), openCreate("file", { access: 2, owner: "writer" })]);
}

async function quiet(world: EmbeddedWorld, options: HandClientOptions = {}): Promise<HandClient> {
  const client = await HandClient.open(world, options);
  await world.timers.advance(100);
  return client;
}

describe("the path", () => {
  test("CB_NULL comes first, with the client's program; until it is answered nothing else is sent", async () => {
    const world = new EmbeddedWorld();
    const client = await HandClient.open(world, { requester: { callbackProgram: 0x4000_1234 } });
    const seen = watch(client);
    await world.timers.advance(100);
    const connection = await client.connect();
    await client.alone([], {});
    await world.timers.until(client.session.bind(connection));
    await world.timers.advance(100);
    expect(seen).toMatchObject([{ name: "CB_NULL", connection: connection.number }]);
    expect(await client.flags()).toBe(0);
  });

  test("a session without one says so only as far as the client has none at all", async () => {
    const client = await quiet(new EmbeddedWorld(), { wishes: { flags: 0 } });
    expect(await client.flags()).toBe(SEQ4_STATUS_CB_PATH_DOWN);
    const wishes = { flags: CREATE_SESSION4_FLAG_CONN_BACK_CHAN };
    await client.world.timers.until(client.requester.createSession(client.connection, wishes));
    await client.world.timers.advance(100);
    expect(await client.flags()).toBe(0);
  });

  test("is down when its last connection goes, and up again when another is bound", async () => {
    const client = await quiet(new EmbeddedWorld());
    const other = await client.connect();
    await client.line([], { connection: other });
    client.connection.reset();
    await client.world.timers.advance(10);
    client.session.connection = other;
    expect(await client.flags()).toBe(DOWN);
    await client.world.timers.until(client.session.bind(other));
    await client.world.timers.advance(100);
    expect(await client.flags()).toBe(0);
  });

  test("is down when CB_NULL is refused, or not answered; another bind of the connection tries again", async () => {
    for (const program of [0x4000_0001, 0]) {
      const world = new EmbeddedWorld();
      const wishes = program === 0 ? {} : { callbackProgram: program };
      const client = await HandClient.open(world, { wishes });
      const connection = await client.connect();
      const seen = watch(client, () => "ignore");
      await client.alone([], {});
      await world.timers.until(client.session.bind(connection));
      client.connection.reset();
      client.session.connection = connection;
      await world.timers.advance(20_000);
      expect(await client.flags()).toBe(DOWN);
      if (program !== 0) await client.run([backchannelCtl(0x4000_0000, { cb_secflavor: 0 })]);
      client.requester.callbacks.hook = null;
      await world.timers.until(client.session.bind(connection));
      await world.timers.advance(100);
      expect(await client.flags()).toBe(0);
      expect(seen.every(({ name }) => name === "CB_NULL")).toBe(true);
    }
  });

  test("is given up when the client does not know the session or is out of step", async () => {
    for (const sequenceStatus of [NFS4ERR_BADSESSION, NFS4ERR_SEQ_MISORDERED]) {
      const world = new EmbeddedWorld();
      const { holder } = await heldDelegation(world);
      const seen = watch(holder, ({ name }) => (name === "CB_RECALL" ? { sequenceStatus } : "answer"));
      await provoke(world);
      await world.timers.advance(1000);
      expect(recallsIn(seen)).toHaveLength(1);
      expect((await holder.flags()) & SEQ4_STATUS_BACKCHANNEL_FAULT).not.toBe(0);
      await world.timers.until(holder.requester.createSession(holder.connection));
      expect((await holder.flags()) & SEQ4_STATUS_CB_PATH_DOWN).toBe(0);
    }
  });

  test("an answer that is none is a fault as well", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    watch(holder, ({ name }) => (name === "CB_RECALL" ? { body: new Uint8Array(12).fill(0xff) } : "answer"));
    await provoke(world);
    expect((await holder.flags()) & SEQ4_STATUS_BACKCHANNEL_FAULT).not.toBe(0);
    expect(world.log).toEqual([]);
  });
});

describe("CB_RECALL", () => {
  test("goes out once, on slot 0, with the next sequence id", async () => {
    const world = new EmbeddedWorld();
    const { holder, giveBack } = await heldDelegation(world);
    const seen = watch(holder);
    await provoke(world);
    await provoke(world);
    expect(placesOf(seen)).toEqual(["0:1"]);
    expect(await giveBack()).toMatch(/DELEGRETURN OK$/);
    const again = await heldDelegation(world, "another");
    expect(watch(again.holder)).toEqual([]);
  });

  test("cut off, it comes again on the next connection with the same slot and sequence id", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    const seen = watch(holder, () => "ignore");
    const other = await holder.connect();
    await provoke(world);
    holder.connection.reset();
    await world.timers.advance(10);
    holder.session.connection = other;
    holder.requester.callbacks.hook = null;
    const rest = watch(holder);
    await world.timers.until(holder.session.bind(other));
    await world.timers.advance(100);
    expect([...placesOf(seen), ...placesOf(rest)]).toEqual(["0:1", "0:1"]);
  });

  test("put off by CB_SEQUENCE: the same slot and sequence id again, after growing pauses", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    let refusals = 3;
    const seen = watch(holder, ({ name }) =>
      name === "CB_RECALL" && refusals-- > 0 ? { sequenceStatus: NFS4ERR_DELAY } : "answer",
    );
    await provoke(world);
    await world.timers.advance(10_000);
    expect(placesOf(seen)).toEqual(["0:1", "0:1", "0:1", "0:1"]);
    const times = recallsIn(seen).map(({ at }) => at);
    expect(times.slice(1).map((at, index) => Math.round(at - times[index]!))).toEqual([50, 100, 200]);
  });

  test("put off by a later operation: a new sequence id, for the old one would only bring the kept DELAY", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    let refusals = 2;
    const seen = watch(holder, ({ name }) =>
      name === "CB_RECALL" && refusals-- > 0 ? { operationStatus: NFS4ERR_DELAY } : "answer",
    );
    await provoke(world);
    await world.timers.advance(10_000);
    expect(placesOf(seen)).toEqual(["0:1", "0:2", "0:3"]);
  });

  test("put off, and then the connection goes: it comes on the next one all the same", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    const seen = watch(holder, ({ name }) => (name === "CB_RECALL" ? { sequenceStatus: NFS4ERR_DELAY } : "answer"));
    const other = await holder.connect();
    await provoke(world);
    holder.connection.reset();
    await world.timers.advance(20_000);
    holder.session.connection = other;
    const rest = watch(holder);
    await world.timers.until(holder.session.bind(other));
    await world.timers.advance(100);
    expect(new Set([...placesOf(seen), ...placesOf(rest)])).toEqual(new Set(["0:1"]));
    expect(recallsIn(rest)).toHaveLength(1);
  });

  test("names the OPEN as long as the client may not have seen its reply", async () => {
    const world = new EmbeddedWorld();
    const { holder } = await heldDelegation(world);
    const seen = watch(holder);
    await provoke(world);
    const openedAt = holder.next() - 1;
    expect(recallsIn(seen)[0]!.sequence!.csa_referring_call_lists).toEqual([
      {
        rcl_sessionid: holder.session.id,
        rcl_referring_calls: [{ rc_sequenceid: openedAt, rc_slotid: 0 }],
      },
    ]);
    const later = new EmbeddedWorld();
    const { holder: calm } = await heldDelegation(later);
    await calm.run([]);
    const calls = watch(calm);
    await provoke(later);
    expect(recallsIn(calls)[0]!.sequence!.csa_referring_call_lists).toEqual([]);
  });

  test("answers renew the lease", async () => {
    const world = new EmbeddedWorld({ server: { recallWaitMillis: 10 } });
    const { holder, giveBack } = await heldDelegation(world);
    watch(holder);
    await world.timers.advance(80_000);
    await provoke(world);
    await world.timers.advance(80_000);
    expect(await giveBack()).toMatch(/DELEGRETURN OK$/);
  });

  test("to a client that has no path any more waits for one; when there is none it ends in a revocation", async () => {
    const world = new EmbeddedWorld({ server: { leaseSeconds: 10 } });
    const { holder, delegation } = await heldDelegation(world);
    const other = await holder.connect();
    await holder.line([], { connection: other });
    holder.connection.reset();
    holder.session.connection = other;
    await provoke(world);
    for (let turn = 0; turn < 3; turn++) {
      await world.timers.advance(4000);
      await holder.flags();
    }
    expect(world.server.registry.sessionCount).toBeGreaterThan(0);
    expect(delegation.seqid).toBe(1);
    const writer = await HandClient.open(world);
    expect(await writer.line([putRootFh(), openCreate("file", { access: 2, owner: "writer" })])).toMatch(/OPEN OK$/);
  });
});

describe("slots that get short", () => {
  /** A server with 16 slots in all. */
  const scarce = () => new EmbeddedWorld({ server: { slots: 16, cachedBytesMax: 16 * 8192 } });
  const table = (client: HandClient) => client.world.server.registry.find(client.session.id)!.model.fore;
  const use = async (client: HandClient) => {
    for (let turn = 0; turn < 3; turn++) await client.run([], { highest: 0 });
  };

  test("are asked back with CB_RECALL_SLOT and the target; they count until their client lets them go", async () => {
    const world = scarce();
    const first = await quiet(world);
    expect(first.session.granted.maxRequests).toBe(16);
    const seen = watch(first);
    await expect(HandClient.open(world)).rejects.toThrow("NFS4ERR_NOSPC");
    await world.timers.advance(100);
    expect(seen.map(({ name }) => name)).toEqual(["CB_RECALL_SLOT"]);
    const { resok } = sequenceOf(await first.run([], { highest: 15 }))!;
    expect(resok).toMatchObject({ sr_highest_slotid: 15, sr_target_highest_slotid: 7 });
    await use(first);
    expect(table(first).size).toBe(8);
    const second = await quiet(world);
    expect(second.session.granted.maxRequests).toBe(8);
  });

  test("grow again when others leave, up to what was granted first", async () => {
    const world = scarce();
    const first = await quiet(world);
    await expect(HandClient.open(world)).rejects.toThrow("NFS4ERR_NOSPC");
    await use(first);
    const second = await quiet(world);
    await world.timers.until(second.session.destroy());
    const { resok } = sequenceOf(await first.run([]))!;
    expect(resok).toMatchObject({ sr_highest_slotid: 15, sr_target_highest_slotid: 15 });
    expect(await first.line([], { slot: 15, seq: 1 })).toBe("SEQUENCE OK");
  });

  test("all tables together never hold more than there is, whoever comes, goes and does not listen", async () => {
    const world = new EmbeddedWorld({ server: { slots: 16, cachedBytesMax: 40 * 8192 } });
    const clients: HandClient[] = [];
    let refused = 0;
    for (let turn = 0; turn < 60; turn++) {
      if (turn % 5 === 4 && clients.length > 2) {
        const [leaving] = clients.splice(turn % clients.length, 1);
        await world.timers.until(leaving!.session.destroy());
      } else {
        const wishes = { fore: { ...FORE_WISHES, maxRequests: 1 + (turn % 20) } };
        const client = await quiet(world, { wishes }).catch(() => null);
        if (client === null) refused++;
        else clients.push(client);
      }
      // Every third client never gives a slot back.
      for (const [index, client] of clients.entries()) if (index % 3 !== 0) await use(client);
      const held = [...world.server.registry.sessions()].reduce((sum, { model }) => sum + model.fore.size, 0);
      expect(held).toBeLessThanOrEqual(40);
    }
    expect(refused).toBeGreaterThan(0);
    expect(clients.length).toBeGreaterThan(4);
  });
});
