import { describe, expect, test } from "vitest";
import { AUTH_BODY_MAX, CALL, REPLY } from "../../src/rpc/constants.ts";
import { type HeaderProblem, parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { type CallHeader, type ReplyHeader, writeCall, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { random } from "../support/random.ts";
import { filler, SOME_USER } from "../support/rpc-stream.ts";

function encoded(write: (sink: Sink) => void): Uint8Array {
  const sink = new Sink(2048);
  write(sink);
  return sink.finish();
}
const call = (header: CallHeader) => encoded((sink) => writeCall(sink, header));
const reply = (header: ReplyHeader) => encoded((sink) => writeReply(sink, header));
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Bytes put together by hand from RFC 5531 §9, so that encoder and parser cannot share a misreading. */
const ROWS: readonly [string, Uint8Array, Partial<RpcHeader>][] = [
  [
    "a call with AUTH_NONE",
    hex("89abcdef 00000000 00000002 000186a3 00000004 00000001 00000000 00000000 00000000 00000000"),
    {
      type: CALL,
      xid: 0x89abcdef | 0,
      program: 100003,
      version: 4,
      procedure: 1,
      credFlavor: 0,
      credLength: 0,
      verfFlavor: 0,
      replyStat: -1,
    },
  ],
  [
    "a call with an odd credential and verifier",
    hex(
      "00000001 00000000 00000002 40000000 00000001 00000001 00000006 00000005 0102030405000000 00000006 00000003 01020300",
    ),
    { program: 0x40000000, credFlavor: 6, credStart: 32, credLength: 5, verfFlavor: 6, verfStart: 48, verfLength: 3 },
  ],
  [
    "an accepted reply",
    hex("00000001 00000001 00000000 00000000 00000000 00000000"),
    { type: REPLY, replyStat: 0, acceptStat: 0, credFlavor: -1 },
  ],
  [
    "a reply with a verifier",
    hex("00000001 00000001 00000000 00000006 00000004 deadbeef 00000000"),
    { acceptStat: 0, verfFlavor: 6, verfStart: 20, verfLength: 4 },
  ],
  [
    "PROG_MISMATCH",
    hex("00000001 00000001 00000000 00000000 00000000 00000002 00000003 00000004"),
    { acceptStat: 2, mismatchLow: 3, mismatchHigh: 4 },
  ],
  ["GARBAGE_ARGS", hex("00000001 00000001 00000000 00000000 00000000 00000004"), { acceptStat: 4 }],
  [
    "RPC_MISMATCH",
    hex("00000001 00000001 00000001 00000000 00000002 00000002"),
    { replyStat: 1, rejectStat: 0, mismatchLow: 2, mismatchHigh: 2, verfFlavor: -1, acceptStat: -1 },
  ],
  ["AUTH_ERROR", hex("00000001 00000001 00000001 00000001 0000000e"), { replyStat: 1, rejectStat: 1, authStat: 14 }],
];

describe("a header", () => {
  test.each(ROWS)("of %s is read", (_name, bytes, expected) => {
    const header = new RpcHeader();
    expect(parseHeader(bytes, 0, bytes.length, header)).toBe(true);
    expect(header).toMatchObject({ ...expected, problem: "", bodyStart: bytes.length });
  });

  test.each(ROWS)("of %s is refused at every truncation, and nothing behind its end is read", (_name, bytes) => {
    for (let end = 0; end < bytes.length; end++) {
      const header = new RpcHeader();
      expect(parseHeader(bytes, 0, end, header)).toBe(false);
      expect(header.problem).toBe("short");
      expect(header.problemOffset).toBeLessThanOrEqual(end);
      if (end >= 8) expect(header).toMatchObject({ xid: new DataView(bytes.buffer).getInt32(0), type: bytes[7] });
    }
  });

  const BROKEN: readonly [string, Uint8Array, HeaderProblem, number][] = [
    ["msg_type 2", hex("00000001 00000002 00000000 00000000 00000000 00000000"), "msg_type", 4],
    [
      "rpcvers 3",
      hex("00000001 00000000 00000003 000186a3 00000004 00000001 00000000 00000000 00000000 00000000"),
      "rpcvers",
      8,
    ],
    [
      "a credential of 401 bytes",
      call({ xid: 1, program: 1, version: 1, procedure: 1, cred: { flavor: 6, body: filler(401) } }),
      "auth body over 400 bytes",
      28,
    ],
    [
      "a verifier of 401 bytes",
      call({ xid: 1, program: 1, version: 1, procedure: 1, verf: { flavor: 6, body: filler(401) } }),
      "auth body over 400 bytes",
      36,
    ],
    [
      "a credential of 4 GB",
      hex("00000001 00000000 00000002 000186a3 00000004 00000001 00000006 ffffffff 00000000 00000000"),
      "auth body over 400 bytes",
      28,
    ],
    [
      "a credential longer than the message",
      hex("00000001 00000000 00000002 000186a3 00000004 00000001 00000006 00000190 00000000 00000000"),
      "short",
      32,
    ],
    ["reply_stat 2", hex("00000001 00000001 00000002 00000000 00000000 00000000"), "reply_stat", 8],
    ["accept_stat 6", hex("00000001 00000001 00000000 00000000 00000000 00000006"), "accept_stat", 20],
    ["reject_stat 2", hex("00000001 00000001 00000001 00000002 00000000 00000000"), "reject_stat", 12],
  ];

  test.each(BROKEN)("with %s is refused", (_name, bytes, problem, problemOffset) => {
    const header = new RpcHeader();
    expect(parseHeader(bytes, 0, bytes.length, header)).toBe(false);
    expect(header).toMatchObject({ problem, problemOffset });
  });

  test("with auth bodies of 400 bytes is read", () => {
    const auth = { flavor: 6, body: filler(AUTH_BODY_MAX) };
    const bytes = call({ xid: 1, program: 100003, version: 4, procedure: 1, cred: auth, verf: auth });
    const header = new RpcHeader();
    expect(parseHeader(bytes, 0, bytes.length, header)).toBe(true);
    expect(header).toMatchObject({
      credLength: AUTH_BODY_MAX,
      verfLength: AUTH_BODY_MAX,
      bodyStart: 40 + 2 * AUTH_BODY_MAX,
    });
  });

  test("leaves nothing of the one before it in the same object", () => {
    const header = new RpcHeader();
    const first = call({ xid: 1, program: 100003, version: 4, procedure: 1, cred: SOME_USER });
    const second = reply({ xid: 2, rejectStat: 1, authStat: 5 });
    parseHeader(first, 0, first.length, header);
    parseHeader(second, 0, second.length, header);
    expect(header).toMatchObject({
      xid: 2,
      type: REPLY,
      credFlavor: -1,
      verfFlavor: -1,
      acceptStat: -1,
      rejectStat: 1,
      authStat: 5,
    });
    parseHeader(first, 0, first.length, header);
    expect(header).toMatchObject({ xid: 1, type: CALL, credFlavor: 1, replyStat: -1, rejectStat: -1, authStat: -1 });
  });
});

test("what the encoder writes is what the parser reads", () => {
  const next = random(3);
  const below = (limit: number) => Math.floor(next() * limit);
  const header = new RpcHeader();
  for (let count = 0; count < 500; count++) {
    const cred = { flavor: below(8), body: filler(below(AUTH_BODY_MAX + 1)) };
    const verf = { flavor: below(8), body: filler(below(AUTH_BODY_MAX + 1)) };
    const sent = { xid: below(2 ** 32), program: below(2 ** 32), version: below(9), procedure: below(9), cred, verf };
    const bytes = call(sent);
    expect(parseHeader(bytes, 0, bytes.length, header)).toBe(true);
    const { xid, program, version, procedure } = sent;
    expect(header).toMatchObject({
      xid: xid | 0,
      program,
      version,
      procedure,
      credFlavor: cred.flavor,
      verfFlavor: verf.flavor,
    });
    expect(bytes.subarray(header.credStart, header.credStart + header.credLength)).toEqual(cred.body);
    expect(bytes.subarray(header.verfStart, header.verfStart + header.verfLength)).toEqual(verf.body);
    expect(header.bodyStart).toBe(bytes.length);
  }
});

test("random bytes are read or refused, never out of bounds", () => {
  const next = random(5);
  const header = new RpcHeader();
  for (let count = 0; count < 20_000; count++) {
    const bytes = Uint8Array.from({ length: Math.floor(next() * 80) }, () =>
      next() < 0.6 ? 0 : Math.floor(next() * 256),
    );
    if (next() < 0.8 && bytes.length > 11) bytes.set([0, 0, 0, next() < 0.5 ? 0 : 1, 0, 0, 0, 2], 4);
    if (parseHeader(bytes, 0, bytes.length, header)) expect(header.bodyStart).toBeLessThanOrEqual(bytes.length);
    else expect(header.problemOffset).toBeLessThanOrEqual(bytes.length);
  }
});
