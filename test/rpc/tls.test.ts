import { expect, test } from "vitest";
import { AUTH_NONE, AUTH_SYS, AUTH_TLS } from "../../src/rpc/constants.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { isClientHello, isStartTls, isTlsProbe } from "../../src/rpc/tls.ts";
import { type CallHeader, NO_AUTH, type ReplyHeader, writeCall, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";

const ascii = new TextEncoder();
const NOTHING = new Uint8Array(0);
const TLS = { flavor: AUTH_TLS, body: NOTHING };
const PROBE: CallHeader = { xid: 1, program: 100003, version: 4, procedure: 0, cred: TLS };
const START = { flavor: AUTH_NONE, body: ascii.encode("STARTTLS") };

function probes(call: CallHeader): boolean {
  const sink = new Sink();
  writeCall(sink, call);
  const header = new RpcHeader();
  parseHeader(sink.view(), 0, sink.length, header);
  return isTlsProbe(header);
}

function accepts(reply: ReplyHeader): boolean {
  const sink = new Sink();
  writeReply(sink, reply);
  const header = new RpcHeader();
  parseHeader(sink.view(), 0, sink.length, header);
  return isStartTls(header, sink.view());
}

test("the probe is a NULL call with an empty AUTH_TLS credential and an empty verifier", () => {
  expect(probes(PROBE)).toBe(true);
  expect(probes({ ...PROBE, procedure: 1 })).toBe(false);
  expect(probes({ ...PROBE, cred: NO_AUTH })).toBe(false);
  expect(probes({ ...PROBE, cred: { flavor: AUTH_TLS, body: ascii.encode("x") } })).toBe(false);
  expect(probes({ ...PROBE, verf: { flavor: AUTH_SYS, body: NOTHING } })).toBe(false);
});

test("the answer is STARTTLS in an AUTH_NONE verifier, whatever the accept_stat", () => {
  expect(accepts({ xid: 1, acceptStat: 0, verf: START })).toBe(true);
  expect(accepts({ xid: 1, acceptStat: 1, verf: START })).toBe(true);
  expect(accepts({ xid: 1, acceptStat: 0 })).toBe(false);
  expect(accepts({ xid: 1, acceptStat: 0, verf: { ...START, flavor: AUTH_SYS } })).toBe(false);
  expect(accepts({ xid: 1, acceptStat: 0, verf: { flavor: AUTH_NONE, body: ascii.encode("STARTTL5") } })).toBe(false);
  expect(accepts({ xid: 1, acceptStat: 0, verf: { flavor: AUTH_NONE, body: ascii.encode("STARTTLS!") } })).toBe(false);
  expect(accepts({ xid: 1, rejectStat: 1, authStat: 1 })).toBe(false);
});

test("a ClientHello is told by its first six bytes", () => {
  const hello = Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3);
  expect(isClientHello(hello, 0, hello.length)).toBe(true);
  expect(isClientHello(hello, 0, 5)).toBe(false);
  expect(isClientHello(Uint8Array.of(0x80, 0, 0, 40, 0, 1), 0, 6)).toBe(false);
  expect(isClientHello(Uint8Array.of(0x17, 3, 3, 0, 0, 1), 0, 6)).toBe(false);
});
