import { describe, expect, test } from "vitest";
import { NFS4_OK, statusName, validErrors } from "../../src/nfs4/constants.ts";
import { GETFH4res } from "../../src/nfs4/ops/filehandle.ts";
import { OPEN4res } from "../../src/nfs4/ops/open.ts";
import { createDirectory, getFh, lock, openCreate, putRootFh, saveFh } from "../../src/probe/operations.ts";
import { resultOf } from "../../src/requester/compound-reply.ts";
import { RecordAssembler } from "../../src/rpc/record-assembler.ts";
import { RECORD_MARK_BYTES, writeRecordMark } from "../../src/rpc/write.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { anyCompound, type Known, mutated } from "../support/any-compound.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient } from "../support/hand-client.ts";
import { integer, pick, random } from "../support/random.ts";

const WORLDS = process.env.CI === "true" ? 60 : 12;
const COMPOUNDS = 150;
const FIRST_SEED = Number(process.env.SEED ?? 1);
const MEBIBYTE = 1024 * 1024;

const BOUNDS: Partial<ServerOptions> = {
  bytesMax: MEBIBYTE,
  inodesMax: 64,
  clientsMax: 16,
  sessionsMax: 8,
  recallWaitMillis: 50,
  slots: 8,
};

const seeds = Array.from({ length: WORLDS }, (_, index) => FIRST_SEED + index);

/** A client with a file that it has open and locked, a directory, and a delegation perhaps. */
async function settledIn(world: EmbeddedWorld, minorVersion: number): Promise<{ client: HandClient; known: Known }> {
  const client = await HandClient.open(world, { requester: { minorVersion } });
  await world.timers.advance(100);
  const reading = await client.run([putRootFh(), getFh(), openCreate("read", { access: 1 })]);
  const reply = await client.run([putRootFh(), createDirectory("directory"), putRootFh(), openCreate("file"), getFh()]);
  const open = resultOf(reply, OPEN4res)!.resok4!.stateid;
  const file = resultOf(reply, GETFH4res)!.resok4!.object;
  const read = resultOf(reading, OPEN4res)!.resok4!;
  const root = resultOf(reading, GETFH4res)!.resok4!.object;
  const stateids = [open, read.stateid, ...(read.delegation.read === undefined ? [] : [read.delegation.read.stateid])];
  const special = [0, 1, 0xffff_ffff].map((seqid) => ({ seqid, other: new Uint8Array(12) }));
  return {
    client,
    known: { stateids: [...stateids, ...special], handles: [root, file], names: ["file", "read", "directory", "new"] },
  };
}

function expectBounded({ server }: EmbeddedWorld, context: string): void {
  const { fileSystem, registry, options } = server;
  expect(fileSystem.space.used, context).toBeLessThanOrEqual(options.bytesMax);
  expect(fileSystem.inodeCount, context).toBeLessThanOrEqual(options.inodesMax);
  expect(registry.clients.count, context).toBeLessThanOrEqual(options.clientsMax);
  expect(registry.sessionCount, context).toBeLessThanOrEqual(options.sessionsMax);
}

describe("any operations with any arguments", () => {
  test.each(seeds)("get statuses that the operation has, seed %i", { timeout: 60_000 }, async (seed) => {
    const next = random(seed);
    const minorVersion = 1 + (seed % 2);
    const world = new EmbeddedWorld({ server: BOUNDS, seed });
    const { client, known } = await settledIn(world, minorVersion);
    const strange = new Set<string>();
    for (let count = 0; count < COMPOUNDS; count++) {
      const start = pick(next, [
        [putRootFh()],
        [putRootFh(), saveFh(), openCreate("file"), lock({ seqid: 1, other: new Uint8Array(12) })],
        [],
      ]);
      const request = { cachethis: next() < 0.5, slot: integer(next, 0, 3) };
      const reply = await client.run([...start, ...anyCompound(next, minorVersion, known)], request);
      expect(reply.trouble, `seed ${seed}, compound ${count}`).toBeNull();
      const sequence = reply.results[0]!;
      if (sequence.status !== NFS4_OK) break;
      for (const { number, name, status } of reply.results.slice(1)) {
        if (status !== NFS4_OK && !validErrors(number, minorVersion).has(status))
          strange.add(`${name} ${statusName(status)}`);
      }
    }
    expect([...strange]).toEqual([]);
    expect(world.log).toEqual([]);
    expectBounded(world, `seed ${seed}`);
  });
});

describe("damaged records", () => {
  test.each(seeds)("are answered, or end their connection, seed %i", { timeout: 60_000 }, async (seed) => {
    const next = random(seed);
    const world = new EmbeddedWorld({ server: BOUNDS, seed });
    const { client, known } = await settledIn(world, 1);
    let closed = 0;
    let answered = 0;
    for (let count = 0; count < COMPOUNDS; count++) {
      const channel = await world.timers.until(world.network.connect());
      const assembler = new RecordAssembler(4 * MEBIBYTE, () => answered++);
      channel.open({ received: (bytes) => assembler.push(bytes), closed: () => closed++ });
      const operations = [putRootFh(), ...anyCompound(next, 1, known)];
      const record = client.session.record({ slot: integer(next, 1, 3), seq: integer(next, 1, 40), operations });
      const isMarkSound = next() < 0.8;
      const damaged = mutated(isMarkSound ? record.subarray(RECORD_MARK_BYTES) : record, seed * 1000 + count);
      const sink = new Sink();
      if (isMarkSound) writeRecordMark(sink, damaged.length);
      sink.raw(damaged);
      channel.write(sink.finish());
      await world.timers.advance(200);
      channel.reset();
      await world.timers.advance(1);
    }
    expect(answered).toBeGreaterThan(COMPOUNDS / 3);
    expect(closed).toBe(COMPOUNDS);
    const complaints = world.log.filter((line) => !line.endsWith("; connection closed"));
    expect(complaints).toEqual([]);
    expectBounded(world, `seed ${seed}`);
    expect(world.server.connectionCount).toBeLessThanOrEqual(1);
    const calm = await HandClient.open(world).catch((error: Error) => error.message);
    if (typeof calm !== "string") expect(await calm.line([putRootFh()])).toBe("SEQUENCE OK, PUTROOTFH OK");
    else expect(calm).toMatch(/NFS4ERR_(NOSPC|DELAY)/);
  });
});
