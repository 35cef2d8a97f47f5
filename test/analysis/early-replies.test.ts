import { expect, test } from "vitest";
import type { Body } from "../../src/analysis/body.ts";
import { EARLY_REPLIES_MAX, EarlyReplies } from "../../src/analysis/early-replies.ts";

function body(bytes: Uint8Array, from = 0): Body {
  const { length } = bytes;
  return { bytes, start: from, end: length, elidedAt: -1, elidedLength: 0, truncated: false, length };
}

function held() {
  const letGo: number[] = [];
  const replies = new EarlyReplies(({ sighting }) => letGo.push(sighting.xid));
  const hold = (xid: number, at: number, bytes = new Uint8Array(40)) =>
    replies.hold(
      { xid, rpcError: null, seen: { capture: 0, frame: xid, at }, interfaceId: 0, owner: null, orphan: undefined },
      body(bytes),
    );
  return { replies, letGo, hold };
}

test("a reply is given out once, as it was, though its bytes have changed since", () => {
  const { replies, hold, letGo } = held();
  const bytes = Uint8Array.of(0, 0, 1, 2, 3);
  hold(7, 1, bytes);
  bytes.fill(255);
  const taken = replies.take(7)!.body;
  expect(taken.bytes.slice(taken.start, taken.end)).toEqual(Uint8Array.of(0, 0, 1, 2, 3));
  expect(replies.take(7)).toBeUndefined();
  expect(letGo).toEqual([]);
});

test("what nobody asks for is let go after two seconds, oldest first", () => {
  const { replies, hold, letGo } = held();
  hold(1, 0);
  hold(2, 1e9);
  hold(3, 2.5e9);
  expect(letGo).toEqual([1]);
  replies.expire(Number.POSITIVE_INFINITY);
  expect(letGo).toEqual([1, 2, 3]);
});

test("not more than EARLY_REPLIES_MAX are held", () => {
  const { hold, letGo } = held();
  for (let xid = 0; xid < EARLY_REPLIES_MAX + 3; xid++) hold(xid, 0);
  expect(letGo).toEqual([0, 1, 2]);
});

test("a long reply keeps its first bytes and says that it is cut", () => {
  const { replies, hold } = held();
  hold(1, 0, new Uint8Array(100_000));
  expect(replies.take(1)?.body).toMatchObject({ end: 4096, truncated: true, length: 100_000 });
});
