import { describe, expect, test } from "vitest";
import { type ConnectionOptions, RpcConnection } from "../../src/requester/rpc-connection.ts";
import { outcomeText } from "../../src/requester/rpc-outcome.ts";
import type { TappedConnection } from "../../src/requester/wire-tap.ts";
import {
  AUTH_ERROR,
  GARBAGE_ARGS,
  PROG_MISMATCH,
  PROG_UNAVAIL,
  RPC_MISMATCH,
  SUCCESS,
} from "../../src/rpc/constants.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { RecordAssembler } from "../../src/rpc/record-assembler.ts";
import { type ReplyHeader, writeCall, writeRecordMark, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { type LinkConditions, memoryChannels } from "../support/memory-network.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

const CALL = { program: 100003, version: 4, procedure: 1 };
const NOTHING = new Uint8Array(0);

function framed(write: (sink: Sink) => void): Uint8Array {
  const body = new Sink();
  write(body);
  const sink = new Sink();
  writeRecordMark(sink, body.length);
  sink.raw(body.view());
  return sink.finish();
}

/** The server's end as a script: it keeps what arrives and says what it is told to. */
function world(options: Partial<ConnectionOptions> = {}, conditions: LinkConditions = {}) {
  const timers = new VirtualTimers();
  const link = memoryChannels(timers, { latencyMillis: () => 1, ...conditions });
  const calls: RpcHeader[] = [];
  const bodies: Uint8Array[] = [];
  const assembler = new RecordAssembler(1 << 20, (record) => {
    const header = new RpcHeader();
    parseHeader(record, 0, record.length, header);
    calls.push(header);
    bodies.push(record.subarray(header.bodyStart));
  });
  let closed: string | null | undefined;
  link.server.open({
    received: (bytes) => assembler.push(bytes),
    closed: (why) => {
      closed = why;
    },
  });
  const connection = new RpcConnection(link.client, { timers, firstXid: 100, ...options });
  const reply = (header: ReplyHeader, results: Uint8Array = NOTHING) =>
    link.server.write(
      framed((sink) => {
        writeReply(sink, header);
        sink.raw(results);
      }),
    );
  return { timers, link, connection, calls, bodies, reply, closedWith: () => closed };
}

describe("RpcConnection", () => {
  test("replies find their calls in any order, whatever the segments", async () => {
    const { timers, connection, calls, bodies, reply } = world({}, { segmentBytes: () => 3 });
    const first = connection.call({ ...CALL, body: Uint8Array.of(1, 2, 3, 4) });
    const second = connection.call({ ...CALL, body: (sink) => sink.u32(7) });
    await timers.advance(10);
    expect([first.xid, second.xid]).toEqual([100, 101]);
    expect(calls.map(({ xid, program, procedure }) => [xid, program, procedure])).toEqual([
      [100, 100003, 1],
      [101, 100003, 1],
    ]);
    expect(bodies.map((body) => [...body])).toEqual([
      [1, 2, 3, 4],
      [0, 0, 0, 7],
    ]);
    reply({ xid: 101, acceptStat: SUCCESS }, Uint8Array.of(0, 0, 0, 2));
    reply({ xid: 100, acceptStat: SUCCESS }, Uint8Array.of(0, 0, 0, 1));
    for (const [pending, last] of [
      [first, 1],
      [second, 2],
    ] as const) {
      const outcome = await timers.until(pending.outcome);
      if (outcome.kind !== "reply") throw new Error(outcome.kind);
      expect([...outcome.record.subarray(outcome.bodyStart)]).toEqual([0, 0, 0, last]);
    }
    expect(connection.pendingCalls).toBe(0);
  });

  test("what is sent together leaves in one go", async () => {
    const sent: number[] = [];
    const tap = { opened: () => {}, sent: (_: unknown, bytes: Uint8Array) => sent.push(bytes.length) };
    const quiet = { received: () => {}, closed: () => {} };
    const { timers, connection, calls } = world({ tap: { ...tap, ...quiet } });
    const one = () => connection.call({ ...CALL, body: NOTHING });
    one();
    connection.together(() => [one(), connection.together(one)]);
    await timers.advance(10);
    expect(sent).toEqual([44, 88]);
    expect(calls.map(({ xid }) => xid)).toEqual([100, 101, 102]);
  });

  test.each<[ReplyHeader, string]>([
    [{ xid: 5, acceptStat: GARBAGE_ARGS }, "RPC GARBAGE_ARGS"],
    [{ xid: 5, acceptStat: PROG_MISMATCH, low: 3, high: 4 }, "RPC PROG_MISMATCH (3 to 4 are supported)"],
    [{ xid: 5, rejectStat: AUTH_ERROR, authStat: 5 }, "RPC AUTH_ERROR AUTH_TOOWEAK"],
    [{ xid: 5, rejectStat: RPC_MISMATCH, low: 2, high: 2 }, "RPC RPC_MISMATCH (2 to 2 are supported)"],
  ])("a refusal by RPC is a value: %o", async (header, text) => {
    const { timers, connection, reply } = world();
    const { outcome } = connection.call({ ...CALL, xid: 5, body: NOTHING });
    reply(header);
    const refused = await timers.until(outcome);
    expect(refused.kind === "reply" ? "" : outcomeText(refused)).toBe(text);
  });

  test("two calls may have one xid; replies come to them in order", async () => {
    const { timers, connection, reply } = world();
    const one = connection.call({ ...CALL, xid: 9, body: NOTHING, timeoutMillis: 50 });
    const two = connection.call({ ...CALL, xid: 9, body: NOTHING, timeoutMillis: 500 });
    const three = connection.call({ ...CALL, xid: 9, body: NOTHING });
    reply({ xid: 9, acceptStat: SUCCESS });
    expect((await timers.until(one.outcome)).kind).toBe("reply");
    three.cancel();
    expect((await timers.until(three.outcome)).kind).toBe("cancelled");
    reply({ xid: 9, acceptStat: SUCCESS });
    expect((await timers.until(two.outcome)).kind).toBe("reply");
    reply({ xid: 9, acceptStat: SUCCESS });
    await timers.advance(10);
    expect(connection.strayReplies).toBe(1);
  });

  test("no reply in time is a value, and the timer is gone after a reply", async () => {
    const { timers, connection, reply } = world();
    const late = connection.call({ ...CALL, body: NOTHING, timeoutMillis: 100 });
    const soon = connection.call({ ...CALL, body: NOTHING, timeoutMillis: 100 });
    reply({ xid: soon.xid, acceptStat: SUCCESS });
    expect((await timers.until(soon.outcome)).kind).toBe("reply");
    expect(await timers.until(late.outcome)).toEqual({ kind: "timeout" });
    expect(timers.pending).toBe(0);
  });

  test("those who wait are told when the connection breaks, later ones at once", async () => {
    const { timers, link, connection } = world();
    const { outcome } = connection.call({ ...CALL, body: NOTHING });
    link.cut("storm");
    expect(await timers.until(outcome)).toEqual({ kind: "lost", why: "storm" });
    expect(await connection.lost).toBe("storm");
    expect((await connection.call({ ...CALL, body: NOTHING }).outcome).kind).toBe("lost");
  });

  test.each([
    ["a record that is too large", Uint8Array.of(0xff, 0xff, 0xff, 0xff), "no RPC record"],
    ["a record that is no message", framed((sink) => sink.u32(1)), "no RPC message"],
    ["a message of no type", framed((sink) => sink.raw(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 9))), "msg_type"],
  ])("%s ends the connection", async (_what, bytes, why) => {
    const { timers, link, connection, closedWith } = world();
    const { outcome } = connection.call({ ...CALL, body: NOTHING });
    link.server.write(bytes);
    expect(await timers.until(outcome)).toMatchObject({ kind: "lost", why: expect.stringContaining(why) });
    await timers.advance(10);
    expect(closedWith()).toBe("read ECONNRESET");
  });

  test("FIN lets replies come, and a server that never ends its side is cut off", async () => {
    const { timers, link, connection, reply } = world();
    const { outcome } = connection.call({ ...CALL, body: NOTHING });
    reply({ xid: 100, acceptStat: SUCCESS });
    connection.close();
    expect((await timers.until(outcome)).kind).toBe("reply");
    expect(await timers.until(connection.lost)).toBeNull();
    const deaf = world();
    deaf.link.freeze();
    deaf.connection.close();
    await deaf.timers.until(deaf.connection.lost);
    expect(deaf.timers.nowMillis).toBe(5000);
    expect(link.client.queuedBytes).toBe(0);
  });

  test("replies can be held back, and raw bytes sent", async () => {
    const { timers, connection, reply, calls } = world();
    const pending = connection.call({ ...CALL, body: NOTHING });
    connection.pauseReading();
    reply({ xid: pending.xid, acceptStat: SUCCESS });
    await timers.advance(1000);
    expect(connection.pendingCalls).toBe(1);
    connection.resumeReading();
    expect((await timers.until(pending.outcome)).kind).toBe("reply");
    const whole = framed((sink) => writeCall(sink, { ...CALL, xid: 77 }));
    connection.sendBytes(whole.subarray(0, 11));
    await timers.advance(10);
    expect(calls).toHaveLength(1);
    connection.sendBytes(whole.subarray(11));
    await timers.advance(10);
    expect(calls[1]?.xid).toBe(77);
  });

  test("calls from the server are answered by whoever takes them, or not at all", async () => {
    const heard: number[] = [];
    const taken = world({
      handleCall: ({ xid, procedure }, connection) => {
        heard.push(procedure);
        connection.answer({ xid, acceptStat: SUCCESS }, Uint8Array.of(0, 0, 0, 3));
      },
    });
    const call = framed((sink) => writeCall(sink, { xid: 5, program: 0x40000000, version: 1, procedure: 1 }));
    taken.link.server.write(call);
    await taken.timers.advance(10);
    expect(heard).toEqual([1]);
    expect(taken.calls[0]).toMatchObject({ xid: 5, acceptStat: SUCCESS });
    const untaken = world();
    untaken.link.server.write(call);
    await untaken.timers.advance(10);
    expect(untaken.calls[0]).toMatchObject({ xid: 5, acceptStat: PROG_UNAVAIL });
  });

  test("a tap is told of every byte, and how it began and ended", async () => {
    const told: string[] = [];
    const name = ({ localAddress, remoteAddress }: TappedConnection) => `${localAddress} > ${remoteAddress}`;
    const tap = {
      opened: (connection: TappedConnection) => told.push(`open ${name(connection)}`),
      sent: (_: TappedConnection, bytes: Uint8Array) => told.push(`sent ${bytes.length}`),
      received: (_: TappedConnection, bytes: Uint8Array) => told.push(`received ${bytes.length}`),
      closed: (_: TappedConnection, how: string) => told.push(how),
    };
    const { timers, connection, reply } = world({ tap });
    connection.call({ ...CALL, body: NOTHING });
    reply({ xid: 100, acceptStat: SUCCESS });
    await timers.advance(10);
    connection.reset();
    await timers.advance(10);
    expect(told).toEqual(["open 127.0.0.1:900 > 127.0.0.1:2049", "sent 44", "received 28", "reset"]);
  });
});
