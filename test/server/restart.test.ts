import { describe, expect, test } from "vitest";
import { NFS4ERR_GRACE, SEQ4_STATUS_RESTART_RECLAIM_NEEDED } from "../../src/nfs4/constants.ts";
import { GETFH4res } from "../../src/nfs4/ops/filehandle.ts";
import { COMMIT4res, READ4res, WRITE4res } from "../../src/nfs4/ops/io.ts";
import { LOCK4res } from "../../src/nfs4/ops/lock.ts";
import { OPEN4res } from "../../src/nfs4/ops/open.ts";
import type { stateid4 } from "../../src/nfs4/types.ts";
import {
  CURRENT_STATEID,
  commit,
  getFh,
  lock,
  openCreate,
  openPrevious,
  putFh,
  putRootFh,
  read,
  reclaimComplete,
  remove,
  write,
} from "../../src/probe/operations.ts";
import { resultOf } from "../../src/requester/compound-reply.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";

const GRACE_MILLIS = 90_000;
const DATA = new TextEncoder().encode("kept");

interface Before {
  readonly client: HandClient;
  readonly fh: Uint8Array;
  readonly open: stateid4;
  readonly lock: stateid4;
  readonly verifier: Uint8Array;
}

/** A client with a file that is open and locked. */
async function working(world: EmbeddedWorld, name = "file"): Promise<Before> {
  const client = await HandClient.open(world);
  const reply = await client.run([
    putRootFh(),
    openCreate(name, { owner: name }),
    getFh(),
    write(DATA, 0n, CURRENT_STATEID),
    lock(CURRENT_STATEID, { length: 10n, owner: name }),
  ]);
  return {
    client,
    fh: resultOf(reply, GETFH4res)!.resok4!.object,
    open: resultOf(reply, OPEN4res)!.resok4!.stateid,
    lock: resultOf(reply, LOCK4res)!.resok4!.lock_stateid,
    verifier: resultOf(reply, WRITE4res)!.resok4!.writeverf,
  };
}

/** The client comes back after a restart: connection, client ID, session. */
async function back({ world, requester }: HandClient): Promise<HandClient> {
  const { owner } = requester;
  return HandClient.open(world, { requester: { owner }, isReclaimed: false });
}

const reclaimOpen = (name: string) => openPrevious({ owner: name, access: 3 });

describe("a restart", () => {
  test("ends connections, sessions, client IDs and stateids; files and filehandles stay", async () => {
    const world = new EmbeddedWorld();
    const { client, fh, open } = await working(world);
    world.server.restart();
    await world.timers.advance(10);
    expect(client.connection.isOpen).toBe(false);
    expect(world.server.connectionCount).toBe(0);
    expect([world.server.registry.sessionCount, world.server.registry.clients.count]).toEqual([0, 0]);
    expect(world.server.counters.restarts).toBe(1);
    client.session.connection = await client.connect();
    expect(await client.line([])).toBe("SEQUENCE NFS4ERR_BADSESSION");
    const { status } = await world.timers.until(client.requester.createSession(client.connection));
    expect(status).toBe(10022);
    const again = await back(client);
    expect(await again.line([putFh(fh), read(4, 0n, open)])).toMatch(/READ NFS4ERR_BAD_STATEID$/);
    await again.run([reclaimComplete()]);
    const { resok4 } = await again.ask([putFh(fh), read(10)], READ4res);
    expect(Buffer.from(resok4!.data.bytes).toString()).toBe("kept");
  });

  test("makes another write verifier", async () => {
    const world = new EmbeddedWorld();
    const before = await working(world);
    world.server.restart();
    const client = await back(before.client);
    await client.run([reclaimComplete()]);
    const { resok4 } = await client.ask([putFh(before.fh), commit()], COMMIT4res);
    expect(resok4!.writeverf).not.toEqual(before.verifier);
  });

  test("drops what waited in it: nothing of it shows in the next instance", async () => {
    const world = new EmbeddedWorld();
    const { fh } = await heldDelegation(world);
    const writer = await HandClient.open(world);
    const writing = { access: 2, owner: "writer" };
    const waiting = writer.start([putRootFh(), openCreate("file", writing)]);
    const removing = writer.start([putRootFh(), remove("file")], { slot: 1 });
    await world.timers.advance(100);
    world.server.restart();
    for (const each of [waiting, removing]) {
      expect(outcomeLine(await world.timers.until(each))).toMatch(/^connection lost/);
    }
    await world.timers.advance(GRACE_MILLIS + 1000);
    const other = await HandClient.open(world);
    expect(await other.line([putRootFh(), openCreate("file", { access: 3, deny: 3 })])).toMatch(/OPEN OK$/);
    expect(await other.line([putFh(fh)])).toBe("SEQUENCE OK, PUTFH OK");
    expect(world.log).toEqual([]);
  });

  test("frees files that only opens kept", async () => {
    const world = new EmbeddedWorld();
    const { client } = await working(world);
    await client.run([putRootFh(), remove("file")]);
    expect(world.server.fileSystem.inodeCount).toBe(2);
    world.server.restart();
    expect(world.server.fileSystem.inodeCount).toBe(1);
  });
});

describe("grace", () => {
  test("a first start has none", async () => {
    const world = new EmbeddedWorld();
    const { client } = await working(world);
    expect(await client.flags()).toBe(0);
  });

  test("those known before take back what they had; new locks have to wait", async () => {
    const world = new EmbeddedWorld();
    const before = await working(world);
    world.server.restart();
    const client = await back(before.client);
    expect((await client.flags()) & SEQ4_STATUS_RESTART_RECLAIM_NEEDED).not.toBe(0);
    expect(await client.line([putRootFh(), openCreate("new")])).toMatch(/OPEN NFS4ERR_GRACE$/);
    const reclaim = [putFh(before.fh), reclaimOpen("file"), lock(CURRENT_STATEID, { length: 10n, reclaim: true })];
    expect(await client.line(reclaim)).toBe("SEQUENCE OK, PUTFH OK, OPEN OK, LOCK OK");
    expect(await client.line([reclaimComplete()])).toMatch(/RECLAIM_COMPLETE OK$/);
    expect((await client.flags()) & SEQ4_STATUS_RESTART_RECLAIM_NEEDED).toBe(0);
    expect(await client.line([putFh(before.fh), reclaimOpen("file")])).toMatch(/OPEN NFS4ERR_NO_GRACE$/);
    // The last of those known before is done: that ends it.
    expect(await client.line([putRootFh(), openCreate("new")])).toMatch(/OPEN OK$/);
  });

  test("lasts as long as one of those known before is not done, at most its time", async () => {
    const world = new EmbeddedWorld();
    const first = await working(world, "first");
    await working(world, "second");
    world.server.restart();
    const client = await back(first.client);
    await client.run([reclaimComplete()]);
    const open = [putRootFh(), openCreate("new")];
    for (let seconds = 0; seconds < 80; seconds += 20) {
      expect(await client.status(open)).toBe(NFS4ERR_GRACE);
      await world.timers.advance(20_000);
    }
    await world.timers.advance(15_000);
    expect(await client.line(open)).toMatch(/OPEN OK$/);
  });

  test("strangers have nothing to reclaim, and wait", async () => {
    const world = new EmbeddedWorld();
    const { fh } = await working(world);
    world.server.restart();
    const stranger = await HandClient.open(world, { isReclaimed: false });
    expect((await stranger.flags()) & SEQ4_STATUS_RESTART_RECLAIM_NEEDED).toBe(0);
    expect(await stranger.line([putFh(fh), reclaimOpen("file")])).toMatch(/OPEN NFS4ERR_NO_GRACE$/);
    await stranger.run([reclaimComplete()]);
    expect(await stranger.line([putRootFh(), openCreate("new")])).toMatch(/OPEN NFS4ERR_GRACE$/);
  });

  test("a restart in the middle begins it anew, for those who had come back", async () => {
    const world = new EmbeddedWorld();
    const first = await working(world, "first");
    const second = await working(world, "second");
    world.server.restart();
    const returned = await back(first.client);
    await returned.run([putFh(first.fh), reclaimOpen("first")]);
    await world.timers.advance(10);
    world.server.restart();
    const again = await back(first.client);
    expect(await again.line([putFh(first.fh), reclaimOpen("first")])).toMatch(/OPEN OK$/);
    const late = await back(second.client);
    expect(await late.line([putFh(second.fh), reclaimOpen("second")])).toMatch(/OPEN NFS4ERR_NO_GRACE$/);
  });
});
