import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Nfs4Server } from "../../../src/server/server.ts";
import { systemRandom } from "../../../src/sys/random.ts";
import { type Listener, listen } from "../../../src/sys/sockets.ts";
import { systemTimers } from "../../../src/sys/timers.ts";
import { CONNECTIONS, load, openSession, SLOTS } from "./load.ts";
import { figuresOf } from "./process-figures.ts";
import { makeFiles, verify, WORKS } from "./works.ts";

const OPERATIONS = 200;

describe("load on the embedded server", () => {
  const server = new Nfs4Server({ timers: systemTimers, random: systemRandom });
  let listener: Listener;

  beforeAll(async () => {
    listener = await listen({ host: "127.0.0.1", port: 0 }, (channel) => server.accept(channel));
  });

  afterAll(async () => {
    server.stop();
    await listener.close();
  });

  test("all works succeed on all slots and connections, and files hold what was written", async () => {
    const session = await openSession({ host: "127.0.0.1", port: listener.port });
    expect(session.connections).toHaveLength(CONNECTIONS);
    const files = await makeFiles(session, [], SLOTS);
    expect(server.fileSystem.inodeCount).toBe(SLOTS + 1);
    for (const [name, work] of Object.entries(WORKS)) {
      const figures = await load(session, work, files, (operations) => operations >= OPERATIONS);
      expect(figures.failure, name).toBeNull();
      expect(figures.operations, name).toBeGreaterThanOrEqual(OPERATIONS);
      expect(figures.p99Millis, name).toBeGreaterThanOrEqual(figures.p50Millis);
    }
    for (const file of files) await verify(session, file);
    await session.close(true);
    expect(server.registry.sessionCount).toBe(0);
  });

  test("what goes wrong is told, and ends it", async () => {
    const session = await openSession({ host: "127.0.0.1", port: listener.port });
    const [file] = await makeFiles(session, [], 1);
    const broken = { ...file!, handle: file!.handle.slice(0, 8) };
    const { failure, operations } = await load(session, WORKS.read!, [broken], () => false);
    expect([failure, operations]).toEqual(["SEQUENCE OK, PUTFH NFS4ERR_BADHANDLE", 1]);
    await session.close(true);
  });
});

test("the kernel tells how much time and memory a process took", () => {
  const { cpuSeconds, residentKilobytes, peakKilobytes } = figuresOf("self");
  expect(cpuSeconds).toBeGreaterThan(0);
  expect(residentKilobytes).toBeGreaterThan(10_000);
  expect(peakKilobytes).toBeGreaterThanOrEqual(residentKilobytes);
});
