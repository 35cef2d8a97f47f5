import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { authSys, writeCall } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { analyzeBytes, captureBytes } from "../support/analyze-captures.ts";
import { recordMark } from "../support/rpc-stream.ts";
import { Wire, WireConnection } from "../support/scenario-wire.ts";
import { sequenceCall, sequenceReply } from "../support/sequence-bytes.ts";

const CLIENT = "10.0.0.2:801";
const SERVER = "10.0.0.1:2049";
const MANY = 100_000;
const MEGABYTE = 1024 * 1024;
const TIMEOUT = 120_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are really held, not those that wait for the garbage collector. */
function bytesHeld(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function connected(wire: Wire, client = CLIENT): WireConnection {
  return new WireConnection(wire, client, SERVER, true);
}

function exchange(connection: WireConnection, fields: Parameters<typeof sequenceCall>[0]): void {
  connection.send("client", sequenceCall(fields));
  connection.send("server", sequenceReply(fields));
}

/** A COMPOUND call that says it has `count` operations. */
function compoundOf(count: number): Uint8Array {
  const sink = new Sink();
  const cred = authSys({ stamp: 1, machineName: new Uint8Array(4), uid: 0, gid: 0, gids: [] });
  writeCall(sink, { xid: 7, program: 100003, version: 4, procedure: 1, cred });
  for (const word of [0, 1, count]) sink.u32(word);
  const message = sink.finish();
  return Uint8Array.from([...recordMark(message.length + 4), ...message, 0, 0, 0, 53]);
}

/** Dropped items by the name of the limit that let them go. */
function dropped(wire: Wire): Record<string, number> {
  wire.findings();
  const limits = wire.analyzer.limits().filter((limit) => limit.dropped > 0);
  return Object.fromEntries(limits.map((limit) => [limit.name, limit.dropped]));
}

interface Cost {
  wire: Wire;
  /** Processor time, so that a busy machine does not count. */
  micros: number;
  bytes: number;
}

function costOf(tell: (wire: Wire, count: number) => void, count: number): Cost {
  const wire = new Wire();
  const heldBefore = bytesHeld();
  const before = process.cpuUsage();
  tell(wire, count);
  wire.findings();
  const { user, system } = process.cpuUsage(before);
  return { wire, micros: user + system, bytes: bytesHeld() - heldBefore };
}

/** Tells a quarter and then the whole: four times the work may cost at most about four times as much. */
function expectLinear(tell: (wire: Wire, count: number) => void, megabytes = 64): Wire {
  costOf(tell, MANY / 20);
  const quarter = costOf(tell, MANY / 4);
  const whole = costOf(tell, MANY);
  expect(whole.micros / quarter.micros).toBeLessThan(10);
  expect(whole.bytes).toBeLessThan(megabytes * MEGABYTE);
  return whole.wire;
}

/** One exchange on each of many connections from many addresses. */
function connectMany(wire: Wire, count: number, areClosed: boolean): void {
  for (let n = 0; n < count; n++) {
    const client = `10.${1 + (n >> 14)}.${(n >> 6) & 255}.${1 + (n & 63)}:${700 + (n % 300)}`;
    const connection = connected(wire, client);
    exchange(connection, { xid: n, seq: n + 1 });
    if (areClosed) connection.close();
  }
}

describe("hostile captures: bounds hold and say so", () => {
  test(
    "a hundred thousand sessions",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let session = 1; session <= count; session++) exchange(connection, { xid: session, session });
      }, 320);
      expect(dropped(wire)).toMatchObject({ "sessions of a server": MANY - 16_384 });
      expect(wire.analyzer.tally).toMatchObject({ sequenceCalls: MANY, sequenceReplies: MANY });
    },
    TIMEOUT,
  );

  test(
    "a hundred thousand slots of one session",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let slot = 0; slot < count; slot++) exchange(connection, { xid: slot, slot });
      });
      const [server] = wire.analyzer.observation.servers;
      const [session] = server?.sessions.values() ?? [];
      expect(session?.fore).toMatchObject({ slotsUsed: 8192, calls: MANY, replies: MANY });
      expect(dropped(wire)).toEqual({ "slots of a session": MANY - 8192 });
    },
    TIMEOUT,
  );

  test(
    "slot ids from the far end of the number range",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let n = 0; n < count; n++) exchange(connection, { xid: n, slot: 0xffff_ffff - n });
      });
      const [server] = wire.analyzer.observation.servers;
      expect([...(server?.sessions.values() ?? [])][0]?.fore.slotsUsed).toBe(0);
    },
    TIMEOUT,
  );

  test(
    "a hundred thousand calls without a reply",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let xid = 0; xid < count; xid++)
          connection.send("client", sequenceCall({ xid, slot: xid % 64, seq: xid }));
      });
      expect(dropped(wire)["unanswered calls of a connection"]).toBeGreaterThanOrEqual(MANY - 65_536);
      expect(wire.analyzer.tally.sequenceCalls).toBe(MANY);
      expect(wire.analyzer.tally.unansweredCalls).toBe(MANY);
    },
    TIMEOUT,
  );

  test(
    "a hundred thousand connections that stay open",
    () => {
      const wire = expectLinear((wire, count) => connectMany(wire, count, false), 640);
      expect(Object.keys(dropped(wire)).sort()).toEqual(["NFS connections", "TCP connections"]);
      expect(wire.analyzer.tally.sequenceCalls).toBe(MANY);
    },
    TIMEOUT,
  );

  test(
    "a hundred thousand connections, each closed before the next",
    () => {
      const wire = expectLinear((wire, count) => connectMany(wire, count, true), 320);
      expect(dropped(wire)).not.toHaveProperty("TCP connections");
      expect(wire.analyzer.tally).toMatchObject({ sequenceCalls: MANY, tcpConnections: MANY });
    },
    TIMEOUT,
  );

  test(
    "one retry after the other",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let xid = 0; xid < count; xid++) connection.send("client", sequenceCall({ xid, seq: 5 }));
      });
      expect(wire.findings().length).toBeLessThan(20);
    },
    TIMEOUT,
  );

  test(
    "sequence ids at random: findings fold",
    () => {
      const wire = expectLinear((wire, count) => {
        const connection = connected(wire);
        for (let xid = 1; xid <= count; xid++) {
          exchange(connection, { xid, slot: xid % 8, seq: Math.imul(xid, 0x9e37_79b1) >>> 0 });
        }
      });
      expect(wire.findings().length).toBeLessThan(100);
    },
    TIMEOUT,
  );
});

describe("hostile lengths", () => {
  test("a record of two gigabytes is not waited for with memory, and what follows on other connections is told", () => {
    const wire = new Wire();
    const hostile = connected(wire, "10.0.0.9:900");
    hostile.send("client", recordMark(0x7fff_ffff));
    const before = bytesHeld();
    const filler = new Uint8Array(1400).fill(0x5a);
    for (let n = 0; n < 20_000; n++) hostile.send("client", filler);
    expect(bytesHeld() - before).toBeLessThan(16 * MEGABYTE);
    exchange(connected(wire), { xid: 1 });
    wire.findings();
    expect(wire.analyzer.tally.sequenceCalls).toBe(1);
  });

  test.each([0xffff_ffff, 0x8000_0000, 100_000])("a compound that claims %i operations", (count) => {
    const wire = new Wire();
    const connection = connected(wire);
    connection.send("client", compoundOf(count));
    exchange(connection, { xid: 8 });
    wire.findings();
    expect(wire.analyzer.tally.sequenceCalls).toBeGreaterThanOrEqual(1);
    expect(wire.analyzer.tally.notUnderstood).toBe(1);
  });

  test.each([0xffff_fff0, 0x7fff_ffff, 0x0100_0001])("a packet that claims %i bytes", async (length) => {
    const bytes = Uint8Array.from(captureBytes("kn_mount_v41"));
    const view = new DataView(bytes.buffer);
    let at = 24;
    for (let packet = 1; packet < 40; packet++) at += 16 + view.getUint32(at + 8, true);
    view.setUint32(at + 8, length, true);
    const { captures, totals } = await analyzeBytes([bytes]);
    expect(captures[0]?.damage).toMatchObject([{ kind: "bad-length", frame: 39 }]);
    expect(captures[0]?.frames).toBe(79);
    expect(totals.sequenceCalls).toBeGreaterThanOrEqual(20);
  });
});
