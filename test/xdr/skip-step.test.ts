import { describe, expect, test } from "vitest";
import { callbackOperations } from "../../src/nfs4/callback-table.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { follow, NOWHERE, SkipStep } from "../../src/xdr/skip-step.ts";
import { stepsOver } from "../../src/xdr/type.ts";
import type { Type } from "../../src/xdr/types.ts";
import { wordView } from "../../src/xdr/word-view.ts";
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

/** Along the steps, or as the type has it where they do not get there. */
function stepOver(type: Type<unknown>, cursor: Cursor): void {
  const end = follow(wordView(cursor.bytes), cursor.offset, cursor.limit, stepsOver(type, SkipStep.end));
  if (end === NOWHERE) type.skip(cursor);
  else cursor.offset = end;
}

function expectSame(type: Type<unknown>, bytes: Uint8Array, hole: Hole | null, what: string): void {
  const stepped = outcome(bytes, hole, (cursor) => stepOver(type, cursor));
  expect(stepped, what).toEqual(outcome(bytes, hole, (cursor) => type.skip(cursor)));
}

describe("steps skip as the type itself does", () => {
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
