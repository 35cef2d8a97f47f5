import { describe, expect, test } from "vitest";
import { callbackOperations } from "../../src/nfs4/callback-table.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { SkipPlan } from "../../src/xdr/skip-plan.ts";
import type { Type } from "../../src/xdr/types.ts";
import { arbitrary } from "../support/arbitrary.ts";
import { integer, random } from "../support/random.ts";
import { encode } from "../support/xdr-rows.ts";

const SAMPLES = 6;
const types = [...operations, ...callbackOperations].flatMap(({ name, args, res }) => [
  { name: `${name} args`, type: args },
  { name: `${name} res`, type: res },
]);

interface Hole {
  at: number;
  length: number;
}

/** Where a quiet skip ends, and what it says. */
function outcome(bytes: Uint8Array, hole: Hole | null, skip: (cursor: Cursor) => void) {
  const cursor = new Cursor().reset(bytes, 0, bytes.length, hole?.at, hole?.length);
  cursor.isQuiet = true;
  skip(cursor);
  const { offset, position, hasFailed, isShort, failure, failedPosition, payloadCount } = cursor;
  const payloads = Array.from({ length: payloadCount }, (_, i) => [
    cursor.payloadAt[i],
    cursor.payloadLength[i],
    cursor.payloadEnd[i],
  ]);
  return { offset, position, hasFailed, isShort, failure, failedPosition: hasFailed ? failedPosition : 0, payloads };
}

/** All types in one plan, as the skim has them. */
const plan = new SkipPlan();
const starts = new Map<Type<unknown>, number>(types.map(({ type }) => [type, plan.add(type)]));

function expectSame(type: Type<unknown>, bytes: Uint8Array, hole: Hole | null, what: string): void {
  const planned = outcome(bytes, hole, (cursor) => plan.follow(cursor, starts.get(type)!));
  expect(planned, what).toEqual(outcome(bytes, hole, (cursor) => type.skip(cursor)));
}

describe("a plan skips as the type itself does", () => {
  test.each(types)("$name: values, their truncations, noise in them, holes", ({ name, type }) => {
    const seed = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
    const next = random(seed);
    for (let sample = 0; sample < SAMPLES; sample++) {
      const bytes = encode(type, arbitrary(type, next));
      expectSame(type, bytes, null, `seed ${seed}, whole`);
      for (let cut = 0; cut < bytes.length; cut++) {
        expectSame(type, bytes.subarray(0, cut), null, `seed ${seed}, cut at ${cut}`);
      }
      for (let hit = 0; bytes.length > 0 && hit < 40; hit++) {
        const noisy = bytes.slice();
        noisy[integer(next, 0, bytes.length - 1)] = integer(next, 0, 255);
        expectSame(type, noisy, null, `seed ${seed}, noise ${hit}`);
        const hole = { at: integer(next, 0, bytes.length), length: integer(next, 1, 64) };
        expectSame(type, noisy, hole, `seed ${seed}, hole ${hit}`);
      }
    }
  });
});
