import { describe, expect, test } from "vitest";
import { NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION } from "../../src/nfs4/constants.ts";
import { createDirectory, openCreate, putRootFh } from "../../src/probe/operations.ts";
import { rules } from "../../src/rules/index.ts";
import { faultHooks, faultOf, faults } from "../../src/server/faults/index.ts";
import { chained, type Hooks } from "../../src/server/hooks.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";
import { integer, random } from "../support/random.ts";

const ids = faults.map(({ id }) => id);
const PAIRS = 60;

/** Some of everything that faults get their hands on; what comes of it is of no account here. */
async function exercise(chosen: readonly string[]): Promise<EmbeddedWorld> {
  const world = new EmbeddedWorld({ faults: chosen });
  const holder = await heldDelegation(world)
    .then((held) => held.holder)
    .catch(() => HandClient.open(world));
  const client = await HandClient.open(world).catch(() => holder);
  const spare = await client.connect();
  const make = (name: string) => [putRootFh(), createDirectory(name)];
  const line = async (...args: Parameters<HandClient["start"]>) => {
    const [operations, request] = args;
    return outcomeLine(await world.timers.until(client.start(operations, { timeoutMillis: 2000, ...request })));
  };
  await line([putRootFh(), openCreate("file", { access: 2, owner: "writer" })]);
  for (const slot of [1, 40]) {
    for (const seq of [1, 1, 2, 2, 4, 5, 5]) {
      await line(make(`${slot} ${seq}`), { slot, seq, cachethis: seq !== 2 });
      await line(make(`${slot} ${seq}`), { slot, seq, cachethis: seq !== 2, connection: spare });
    }
  }
  await line(make("other"), { slot: 1, seq: 5 });
  await line([], { slot: 5000, seq: 1 });
  await line(Array.from({ length: 80 }, putRootFh), { slot: 2, seq: 1 });
  await line([], { slot: 2, seq: 1, sessionId: new Uint8Array(16) });
  await world.timers.advance(5000);
  return world;
}

describe("faults", () => {
  test("are named after rules, each once", () => {
    const known = new Set(rules.map(({ id }) => id));
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("say what the server does, beginning with a verb", () => {
    expect(faults.map(({ does }) => does).filter((does) => !/^(never )?[a-z]+s .*[^.]$/.test(does))).toEqual([]);
  });

  test("are found by their ids", () => {
    for (const fault of faults) expect(faultOf(fault.id)).toBe(fault);
    expect(faultOf("no such thing")).toBeUndefined();
    expect(() => faultHooks(["no such thing"])).toThrow("no fault no such thing");
  });

  test.each(ids)("%s breaks a promise, not the server", async (id) => {
    expect((await exercise([id])).log).toEqual([]);
  });

  test(`${PAIRS} pairs of them, too`, { timeout: 60_000 }, async () => {
    const next = random(11);
    const any = () => ids[integer(next, 0, ids.length - 1)]!;
    for (let count = 0; count < PAIRS; count++) {
      const pair = [any(), any()];
      expect((await exercise(pair)).log, pair.join(" and ")).toEqual([]);
    }
  });

  test("each server has its own: what one remembers another does not", () => {
    for (const fault of faults) expect(fault.hooks()).not.toBe(fault.hooks());
  });
});

describe("hooks of several faults", () => {
  test("none are no hooks, one is itself", () => {
    const one: Hooks = { limited: () => 1 };
    expect(chained([])).toEqual({});
    expect(chained([one])).toBe(one);
  });

  test("get what the one before made, and those that do not care pass it on", () => {
    const add = (count: number): Hooks => ({ limited: (status) => status + count });
    const hooks = chained([add(1), {}, add(10)]);
    expect(hooks.limited?.(100)).toBe(111);
    expect(hooks.unknownSession?.(NFS4ERR_BADSESSION)).toBe(NFS4ERR_BADSESSION);
    expect(chained([{}, { unknownSession: () => NFS4ERR_DEADSESSION }]).unknownSession?.(1)).toBe(NFS4ERR_DEADSESSION);
  });

  test("a reply that one keeps back is not shown to the next", () => {
    const reply = { connection: 1, record: new Uint8Array(4) };
    let shown = 0;
    const counts: Hooks = {
      replying: (each) => {
        shown++;
        return each;
      },
    };
    expect(chained([counts, { replying: () => null }, counts]).replying?.(reply, true, [])).toBeNull();
    expect(shown).toBe(1);
  });

  test("a callback that one doubles is shown to the next twice", () => {
    const message = { tag: "" } as Parameters<NonNullable<Hooks["calling"]>>[0];
    const session = {} as Parameters<NonNullable<Hooks["calling"]>>[1];
    const twice: Hooks = { calling: (each) => [each, each] };
    expect(chained([twice, {}, twice]).calling?.(message, session)).toHaveLength(4);
  });
});
