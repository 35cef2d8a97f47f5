import { describe, expect, test } from "vitest";
import { lookup, openCreate, putRootFh, read, write } from "../../src/probe/operations.ts";
import { sendNull } from "../../src/requester/compound-call.ts";
import { readReply, replyText } from "../../src/requester/compound-reply.ts";
import type { RpcCall, RpcConnection } from "../../src/requester/rpc-connection.ts";
import { outcomeText, type RpcOutcome } from "../../src/requester/rpc-outcome.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { RecordAssembler } from "../../src/rpc/record-assembler.ts";
import { RECORD_MARK_BYTES, writeRecordMark, writeReply } from "../../src/rpc/write.ts";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine, replyOf } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";

const NO_BYTES = new Uint8Array(0);
const MEBIBYTE = 1024 * 1024;
const NULL_CALL: RpcCall = { program: 100003, version: 4, procedure: 0, body: NO_BYTES };

const text = (outcome: RpcOutcome) => (outcome.kind === "reply" ? "reply" : outcomeText(outcome));

async function connected(world = new EmbeddedWorld()): Promise<{ world: EmbeddedWorld; connection: RpcConnection }> {
  return { world, connection: await world.timers.until(world.requester().connect()) };
}

/** A record of these bytes, mark included. */
function record(message: Uint8Array, length = message.length, isLast = true): Uint8Array {
  const sink = new Sink();
  writeRecordMark(sink, length, isLast);
  sink.raw(message);
  return sink.finish();
}

function words(...values: number[]): Uint8Array {
  const sink = new Sink();
  for (const value of values) sink.u32(value);
  return sink.finish();
}

/** The bare end of a connection: what it received, in records. */
async function bare(
  world: EmbeddedWorld,
): Promise<{ channel: ByteChannel; records: Uint8Array[]; ends: (string | null)[] }> {
  const channel = await world.timers.until(world.network.connect());
  const records: Uint8Array[] = [];
  const ends: (string | null)[] = [];
  const assembler = new RecordAssembler(16 * MEBIBYTE, (bytes) => records.push(bytes.slice()));
  channel.open({ received: (bytes) => assembler.push(bytes), closed: (why) => ends.push(why) });
  return { channel, records, ends };
}

describe("what RPC itself answers", () => {
  test.each([
    ["the null procedure", {}, "reply"],
    ["the null procedure without arguments but with some", { body: new Uint8Array(8) }, "reply"],
    ["another program", { program: 100005 }, "RPC PROG_UNAVAIL"],
    ["version 3", { version: 3 }, "RPC PROG_MISMATCH (4 to 4 are supported)"],
    ["version 5", { version: 5 }, "RPC PROG_MISMATCH (4 to 4 are supported)"],
    ["procedure 2", { procedure: 2 }, "RPC PROC_UNAVAIL"],
    ["COMPOUND without arguments", { procedure: 1 }, "RPC GARBAGE_ARGS"],
    ["COMPOUND whose tag goes beyond the end", { procedure: 1, body: words(9) }, "RPC GARBAGE_ARGS"],
    ["RPCSEC_GSS", { cred: { flavor: 6, body: new Uint8Array(20) } }, "RPC AUTH_ERROR AUTH_TOOWEAK"],
    ["AUTH_SYS of no form", { cred: { flavor: 1, body: new Uint8Array(3) } }, "RPC AUTH_ERROR AUTH_BADCRED"],
    ["a credential over 400 bytes", { cred: { flavor: 1, body: new Uint8Array(404) } }, "RPC AUTH_ERROR AUTH_BADCRED"],
  ])("to %s", async (_what, call, expected) => {
    const { world, connection } = await connected();
    const { outcome } = connection.call({ ...NULL_CALL, ...call });
    expect(text(await world.timers.until(outcome))).toBe(expected);
    // The connection goes on.
    expect(text(await world.timers.until(sendNull(connection)))).toBe("reply");
    expect(world.log).toEqual([]);
  });

  test("RPC version 3 is denied", async () => {
    const world = new EmbeddedWorld();
    const { channel, records } = await bare(world);
    channel.write(record(words(77, 0, 3, 100003, 4, 0, 0, 0, 0, 0)));
    await world.timers.advance(10);
    const header = new RpcHeader();
    expect(parseHeader(records[0]!, 0, records[0]!.length, header)).toBe(true);
    expect(header).toMatchObject({ xid: 77, replyStat: 1, rejectStat: 0, mismatchLow: 2, mismatchHigh: 2 });
  });
});

describe("records", () => {
  test("split at every byte, and in every pair of fragments, are understood", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const { world, session } = hand;
    const { channel, records } = await bare(world);
    const first = session.record({ slot: 1, seq: 1, operations: [putRootFh(), lookup("nothing")] });
    for (let at = 1; at < first.length; at++) {
      const bytes = session.record({ slot: 1, seq: at, operations: [putRootFh(), lookup("nothing")] });
      const message = bytes.subarray(RECORD_MARK_BYTES);
      if (at % 2 === 0 || at > message.length) {
        channel.write(bytes.slice(0, at));
        await world.timers.advance(1);
        channel.write(bytes.slice(at));
      } else {
        channel.write(record(message.slice(0, at), at, false));
        channel.write(record(message.slice(at)));
      }
    }
    await world.timers.advance(10);
    const lines = records.map((bytes) => replyText(readReply(bytes.subarray(24))));
    expect(lines).toEqual(Array(first.length - 1).fill("SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_NOENT"));
  });

  test.each([
    ["too long a record", () => record(NO_BYTES, 0x7fff_ffff), /a record of 2147483647 bytes or more/],
    ["too many fragments", () => new Sink().finish(), /more than 4096 fragments/],
    ["an HTTP request", () => new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"), /a record of \d+ bytes or more/],
    ["an empty record", () => record(NO_BYTES), /no RPC message \(short at byte 0/],
    ["a header that ends early", () => record(words(1, 0, 2, 100003, 4, 1, 1, 64)), /no RPC message \(short/],
    ["a message that is neither call nor reply", () => record(words(1, 2, 2)), /no RPC message \(msg_type/],
    ["a reply whose verifier is too long", () => record(words(1, 1, 0, 0, 4000, 0)), /auth body over 400 bytes/],
  ])("%s closes its connection, and no other, with one line for the operator", async (what, make, line) => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const { world } = hand;
    const { channel, records, ends } = await bare(world);
    if (what === "too many fragments")
      for (let count = 0; count < 5000; count++) channel.write(record(NO_BYTES, 0, false));
    else channel.write(make());
    channel.write(record(words(5, 0, 2, 100003, 4, 0, 0, 0, 0, 0)));
    await world.timers.advance(10);
    expect(world.log).toHaveLength(1);
    expect(world.log[0]).toMatch(line);
    expect(world.log[0]).toMatch(/^127\.0\.0\.1:\d+: .*; connection closed$/);
    expect(ends).toHaveLength(1);
    expect(records).toEqual([]);
    expect(world.server.connectionCount).toBe(1);
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("a reply that answers no call of ours is passed over", async () => {
    const world = new EmbeddedWorld();
    const { channel, records } = await bare(world);
    const sink = new Sink();
    writeReply(sink, { xid: 99, acceptStat: 0 });
    channel.write(record(sink.finish()));
    channel.write(record(words(5, 0, 2, 100003, 4, 0, 0, 0, 0, 0)));
    await world.timers.advance(10);
    expect(records).toHaveLength(1);
    expect(world.log).toEqual([]);
  });
});

describe("connections", () => {
  test("beyond the bound are turned away, until others go", async () => {
    const world = new EmbeddedWorld({ server: { connectionsMax: 2 } });
    const first = await connected(world);
    await connected(world);
    const third = await connected(world);
    expect(text(await world.timers.until(sendNull(third.connection)))).toMatch(/^connection lost/);
    expect(world.server.counters).toMatchObject({ connections: 2, refusedConnections: 1 });
    expect(world.log).toHaveLength(1);
    first.connection.close();
    await world.timers.advance(10);
    const fourth = await connected(world);
    expect(text(await world.timers.until(sendNull(fourth.connection)))).toBe("reply");
  });

  test("a client that does not read is not read from: neither replies nor requests pile up", async () => {
    const world = new EmbeddedWorld({ link: { windowBytes: 256 * 1024 } });
    const hand = await HandClient.open(world);
    await hand.run([putRootFh(), openCreate("file"), write(new Uint8Array(MEBIBYTE).fill(7))]);
    const { channel, records } = await bare(world);
    const { server } = world.network.links.at(-1)!;
    channel.pause();
    // All of it arrives in one piece.
    const requests = Array.from({ length: 200 }, (_, index) =>
      hand.session.record({ slot: 1, seq: index + 1, operations: [putRootFh(), lookup("file"), read(MEBIBYTE)] }),
    );
    const before = world.server.counters.requests;
    channel.write(Buffer.concat(requests));
    await world.timers.advance(1000);
    expect(server.queuedBytes).toBeLessThan(24 * MEBIBYTE);
    expect(world.server.counters.requests - before).toBeLessThan(30);
    // Others are served meanwhile.
    expect(await hand.line([])).toBe("SEQUENCE OK");
    channel.resume();
    await world.timers.advance(60_000);
    expect(records).toHaveLength(200);
    expect(records.every((bytes) => bytes.length > MEBIBYTE)).toBe(true);
  });

  test("requests held back for a client that is gone are not executed", async () => {
    const world = new EmbeddedWorld({ link: { windowBytes: 256 * 1024 } });
    const hand = await HandClient.open(world);
    await hand.run([putRootFh(), openCreate("file"), write(new Uint8Array(MEBIBYTE).fill(7))]);
    const { channel } = await bare(world);
    channel.pause();
    const requests = Array.from({ length: 60 }, (_, index) =>
      hand.session.record({ slot: 1, seq: index + 1, operations: [putRootFh(), lookup("file"), read(MEBIBYTE)] }),
    );
    channel.write(Buffer.concat(requests));
    await world.timers.advance(1000);
    const { requests: before } = world.server.counters;
    channel.reset();
    await world.timers.advance(60_000);
    expect(world.server.counters.requests).toBe(before);
    expect(world.server.connectionCount).toBe(1);
  });

  test("a reply that is ready after its connection went is kept for the retry", async () => {
    const world = new EmbeddedWorld({ link: { latencyMillis: () => 10 } });
    const hand = await HandClient.open(world);
    const spare = await hand.connect();
    const lost = hand.start([putRootFh(), lookup("nothing")], { slot: 1, seq: 1 });
    await world.timers.advance(15);
    world.network.links[0]!.cut();
    expect((await world.timers.until(lost)).kind).toBe("lost");
    const again = hand.start([putRootFh(), lookup("nothing")], { slot: 1, seq: 1, connection: spare });
    expect(outcomeLine(await world.timers.until(again))).toBe("SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_NOENT");
  });

  test("ending the server ends them; draining waits for what runs", async () => {
    const world = new EmbeddedWorld({ server: { recallWaitMillis: 300 } });
    await heldDelegation(world);
    const hand = await HandClient.open(world);
    const running = hand.start([putRootFh(), openCreate("file", { access: 2, owner: "writer" })]);
    await world.timers.advance(10);
    await world.timers.until(world.server.drain(10_000));
    expect(replyText(replyOf(await world.timers.until(running)))).toMatch(/OPEN NFS4ERR_DELAY$/);
    await world.timers.advance(10_000);
    expect(world.server.connectionCount).toBe(0);
    expect(world.timers.nowMillis).toBeLessThan(11_000);
  });
});
