import { describe, expect, test } from "vitest";
import type { HeadChecks } from "../../src/rpc/plausible-head.ts";
import { plausibleCall } from "../../src/rpc/programs.ts";
import { RECORD_LENGTH_MAX, RecordSearch } from "../../src/rpc/record-search.ts";
import { callMessage, filler, joined, marked, recordMark, replyMessage } from "../support/rpc-stream.ts";

const NOBODY: HeadChecks = { plausibleCall, knowsXid: () => false };

/** Feeds pieces of `size` until a record is found; its stream offset, -1 if none. */
function offsetFound(stream: Uint8Array, size = stream.length, checks: HeadChecks = NOBODY): number {
  const search = new RecordSearch(checks);
  for (let at = 0; at < stream.length; at += size) {
    const end = Math.min(stream.length, at + size);
    if (!search.find(stream, at, end, 1000 + at)) continue;
    const head = search.foundOffset - 1000;
    expect(search.foundHead).toEqual(stream.subarray(head, Math.max(head, at)));
    expect(search.resumeAt).toBe(Math.max(head, at));
    return head;
  }
  return -1;
}

describe("the search for a record", () => {
  const call = marked(callMessage(1, filler(100)));
  const reply = marked(replyMessage(2, filler(100)));

  test("finds a call behind any number of bytes, in pieces of any size", () => {
    for (let before = 0; before < 70; before++) {
      const stream = joined(filler(before), call, call);
      for (const size of [1, 2, 7, 40, 41, stream.length]) expect(offsetFound(stream, size)).toBe(before);
    }
  });

  test("finds a reply whose end is in sight: at another record, or where the bytes end", () => {
    expect(offsetFound(joined(filler(33), reply, call))).toBe(33);
    expect(offsetFound(joined(filler(33), reply))).toBe(33);
    expect(offsetFound(joined(filler(33), reply, filler(40)))).toBe(-1);
  });

  test("takes a reply to a known xid at its word, unless what follows contradicts it", () => {
    const checks = { plausibleCall, knowsXid: (xid: number) => xid === 2 };
    expect(offsetFound(joined(filler(33), reply.subarray(0, 60)), 93, checks)).toBe(33);
    expect(offsetFound(joined(filler(33), reply, filler(40)), 173, checks)).toBe(-1);
  });

  test("takes the record that an unconfirmed reply announced", () => {
    const stream = joined(filler(10), reply, reply, reply, filler(5));
    expect(offsetFound(stream, 60)).toBe(10 + reply.length);
  });

  test("sees through a false start that chains nowhere", () => {
    const lure = joined(recordMark(90), callMessage(9, new Uint8Array(0)));
    expect(offsetFound(joined(lure, filler(90), call, call))).toBe(lure.length + 90);
  });

  test("accepts no record beyond RECORD_LENGTH_MAX and none shorter than a message", () => {
    const body = callMessage(1, filler(10));
    expect(offsetFound(joined(recordMark(RECORD_LENGTH_MAX), body))).toBe(0);
    expect(offsetFound(joined(recordMark(RECORD_LENGTH_MAX + 1), body))).toBe(-1);
    expect(offsetFound(joined(recordMark(19), body))).toBe(-1);
  });

  test("finds a record whose next is in fragments", () => {
    const next = callMessage(2, filler(60));
    expect(offsetFound(joined(filler(9), call, marked(next, [10, 30])))).toBe(9);
    expect(offsetFound(joined(filler(9), marked(next, [60]), call))).toBe(9);
  });

  test("does not join bytes across an interruption", () => {
    const search = new RecordSearch(NOBODY);
    expect(search.find(call, 0, 20, 0)).toBe(false);
    search.interrupt();
    expect(search.find(call, 20, call.length, 500)).toBe(false);
  });

  test("takes time in proportion to the bytes, whatever they are", () => {
    for (const fill of [
      new Uint8Array(1 << 20),
      joined(...Array.from({ length: 9000 }, () => reply.subarray(0, 40))),
      filler(1 << 20),
    ]) {
      const search = new RecordSearch(NOBODY);
      const began = performance.now();
      for (let round = 0; round < 3; round++) {
        for (let at = 0; at < fill.length; at += 1448)
          search.find(fill, at, Math.min(fill.length, at + 1448), round * fill.length + at);
      }
      expect(performance.now() - began).toBeLessThan(4000);
    }
  });
});
