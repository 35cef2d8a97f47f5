import { describe, expect, test } from "vitest";
import { Tally } from "../../src/analysis/tally.ts";
import { UdpObserver } from "../../src/analysis/udp-observer.ts";
import { writeCall, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";

const CLIENT = { address: "10.0.0.2", port: 700 };
const SERVER = { address: "10.0.0.1", port: 111 };

function callBytes(xid: number, program = 100000): Uint8Array {
  const sink = new Sink();
  writeCall(sink, { xid, program, version: 2, procedure: 3 });
  return sink.finish();
}

function replyBytes(xid: number): Uint8Array {
  const sink = new Sink();
  writeReply(sink, { xid, acceptStat: 0 });
  return sink.finish();
}

function observer() {
  const tally = new Tally();
  const udp = new UdpObserver(tally);
  return {
    tally,
    udp,
    call: (bytes: Uint8Array, from = CLIENT) => udp.datagram(from, SERVER, bytes, 0, bytes.length),
    reply: (bytes: Uint8Array, to = CLIENT) => udp.datagram(SERVER, to, bytes, 0, bytes.length),
  };
}

describe("RPC over UDP", () => {
  test("calls and their replies are counted", () => {
    const { tally, udp, call, reply } = observer();
    call(callBytes(1));
    call(callBytes(0xffff_ffff));
    reply(replyBytes(0xffff_ffff));
    expect(tally).toMatchObject({ rpcCalls: 2, rpcReplies: 1, datagrams: 3 });
    expect([...tally.otherRpc]).toEqual([["100000.2", 2]]);
    expect(udp.unanswered).toBe(1);
  });

  test("two clients may count alike", () => {
    const { tally, udp, call, reply } = observer();
    const ports = Array.from({ length: 400 }, (_, i) => 600 + i);
    for (const port of ports) for (let xid = 0; xid < 10; xid++) call(callBytes(xid), { ...CLIENT, port });
    for (const port of ports) for (let xid = 0; xid < 10; xid++) reply(replyBytes(xid), { ...CLIENT, port });
    expect(tally).toMatchObject({ rpcCalls: 4000, rpcReplies: 4000 });
    expect(udp.unanswered).toBe(0);
  });

  test("replies to nothing, and datagrams that only look like RPC, do not count", () => {
    const { tally, call, reply } = observer();
    reply(replyBytes(5));
    call(callBytes(6, 7));
    call(new Uint8Array(60).fill(0xee));
    call(callBytes(8).subarray(0, 20));
    expect(tally).toMatchObject({ rpcCalls: 0, rpcReplies: 0, datagrams: 0 });
  });
});
