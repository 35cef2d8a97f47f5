import { describe, expect, test } from "vitest";
import {
  HEAD_LENGTH,
  judgeHead,
  LENGTH_UNKNOWN,
  MORE,
  NO,
  type Plausibility,
  STRONG,
  WEAK,
} from "../../src/rpc/plausible-head.ts";
import { plausibleCall } from "../../src/rpc/programs.ts";
import { type ReplyHeader, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { callMessage, filler, replyMessage } from "../support/rpc-stream.ts";

const checks = { plausibleCall, knowsXid: (xid: number) => xid === 7 };

function reply(header: ReplyHeader): Uint8Array {
  const sink = new Sink();
  writeReply(sink, header);
  return sink.finish();
}

function judge(bytes: Uint8Array, length = bytes.length): Plausibility {
  return judgeHead(bytes, 0, bytes.length, length, checks);
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

describe("the head of a message", () => {
  const call = callMessage(1, filler(40));
  const accepted = replyMessage(7, filler(8));

  test("is strong for a call and for a reply to a known xid, weak for another reply", () => {
    expect(judge(call)).toBe(STRONG);
    expect(judge(accepted)).toBe(STRONG);
    expect(judge(replyMessage(8, filler(8)))).toBe(WEAK);
    expect(judgeHead(accepted, 0, accepted.length, accepted.length, { plausibleCall })).toBe(WEAK);
    expect(judge(reply({ xid: 7, rejectStat: 1, authStat: 13 }))).toBe(STRONG);
    expect(judge(reply({ xid: 8, rejectStat: 0, low: 2, high: 2 }))).toBe(WEAK);
    expect(judge(reply({ xid: 8, acceptStat: 2, low: 3, high: 4 }))).toBe(WEAK);
  });

  test("wants more until it is all there, and is never refused before", () => {
    for (const message of [call, accepted, reply({ xid: 7, rejectStat: 1, authStat: 13 })]) {
      const verdicts = Array.from({ length: message.length }, (_, end) =>
        judgeHead(message, 0, end, message.length, checks),
      );
      const decided = verdicts.findIndex((verdict) => verdict !== MORE);
      if (decided >= 0) {
        expect(decided).toBeLessThanOrEqual(HEAD_LENGTH);
        expect(new Set(verdicts.slice(decided))).toEqual(new Set([STRONG]));
      }
      expect(judge(message)).toBe(STRONG);
    }
  });

  test.each([
    ["msg_type 2", changed(call, 7, 2)],
    ["rpcvers 3", changed(call, 11, 3)],
    ["an unknown program", changed(call, 12, 0x77)],
    ["a version of 2^24", changed(call, 16, 1)],
    ["an unknown flavor", changed(call, 24, 1)],
    ["a credential over 400 bytes", changed(call, 29, 1)],
    ["reply_stat 2", changed(accepted, 11, 2)],
    ["an unknown verifier flavor", changed(accepted, 12, 1)],
    ["a verifier longer than the message", changed(accepted, 19, 200)],
    ["accept_stat 6", changed(accepted, 23, 6)],
    ["auth_stat 15", reply({ xid: 7, rejectStat: 1, authStat: 15 })],
    ["zeros only", new Uint8Array(64)],
    ["text", new TextEncoder().encode("GET / HTTP/1.1 and so on, longer than a header")],
  ])("with %s is none", (_name, bytes) => {
    expect(judge(bytes)).toBe(NO);
  });

  test("must fit the length its record mark announces", () => {
    expect(judge(call, 39)).toBe(NO);
    expect(judge(call, LENGTH_UNKNOWN)).toBe(STRONG);
    expect(judge(accepted, 19)).toBe(NO);
    const denied = reply({ xid: 7, rejectStat: 1, authStat: 13 });
    expect(judge(denied, 24)).toBe(NO);
    expect(judge(denied, LENGTH_UNKNOWN)).toBe(STRONG);
  });
});
