import { describe, expect, test } from "vitest";
import { Cursor } from "../../src/xdr/cursor.ts";
import { XdrError } from "../../src/xdr/errors.ts";
import { Sink } from "../../src/xdr/sink.ts";
import type { Type } from "../../src/xdr/types.ts";
import { fromHex, toHex } from "./hex.ts";

/** The bytes of a value. */
export function encode<T>(type: Type<T>, value: T): Uint8Array {
  const sink = new Sink();
  type.write(sink, value);
  return sink.finish();
}

/** A cursor over all of the bytes. */
export function over(bytes: Uint8Array): Cursor {
  return new Cursor().reset(bytes, 0, bytes.length);
}

// Every reader starts behind a few foreign bytes, so that an offset taken for an index cannot pass.
const LEAD = 8;

function embedded(bytes: Uint8Array): Cursor {
  const wider = new Uint8Array(LEAD + bytes.length).fill(0xee);
  wider.set(bytes, LEAD);
  return new Cursor().reset(wider, LEAD, wider.length);
}

/** Read, write, skip and visit agree on these bytes and this value, and every span that visit tells is true. */
export function expectSame<T>(type: Type<T>, bytes: Uint8Array, value: T): void {
  const cursor = embedded(bytes);
  expect(type.read(cursor)).toEqual(value);
  expect(cursor.position).toBe(bytes.length);
  expect(toHex(encode(type, value))).toBe(toHex(bytes));
  type.skip(cursor.seek(LEAD));
  expect(cursor.position).toBe(bytes.length);
  if (type.fixedSize !== null) expect(bytes.length).toBe(type.fixedSize);
  expect(bytes.length).toBeGreaterThanOrEqual(type.minSize);
  const again = embedded(bytes);
  const visited = type.visit(cursor.seek(LEAD), "it", (path, field, start, end, fieldType) => {
    expect(path).toMatch(/^it[.[]/);
    again.seek(LEAD + start);
    expect(fieldType.read(again), path).toEqual(field);
    expect(again.position, path).toBe(end);
  });
  expect(visited).toEqual(value);
  expect(cursor.position).toBe(bytes.length);
}

/** Every proper prefix is refused by read, skip and visit, with the offset where the missing bytes should start. */
export function expectTruncationsRefused<T>(type: Type<T>, bytes: Uint8Array): void {
  for (let cut = 0; cut < bytes.length; cut++) {
    const cursor = embedded(bytes.subarray(0, cut));
    for (const [verb, act] of Object.entries({
      read: () => type.read(cursor.seek(LEAD)),
      skip: () => type.skip(cursor.seek(LEAD)),
      visit: () => type.visit(cursor.seek(LEAD), "it", () => {}),
    })) {
      const error = caught(act);
      expect(error, `${verb} at ${cut} of ${bytes.length}`).toBeInstanceOf(XdrError);
      const { message, offset } = error as XdrError;
      const [, need, have] = /^need (\d+) bytes, have (\d+)$/.exec(message) ?? [];
      expect(offset + Number(have), `${verb} at ${cut}: ${message}`).toBe(cut);
      expect(Number(need)).toBeGreaterThan(Number(have));
    }
  }
}

/** What `act` throws; undefined if it does not. */
export function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Runs each row through read, write, skip, visit and every truncation. */
export function rows<T>(type: Type<T>, table: readonly { name?: string; hex: string; value: T }[]): void {
  describe(type.name, () => {
    for (const { name, hex, value } of table) {
      test(name ?? (hex.replace(/\s+/g, " ").trim() || "no bytes"), () => {
        const bytes = fromHex(hex);
        expectSame(type, bytes, value);
        expectTruncationsRefused(type, bytes);
      });
    }
  });
}

/** Each hex is refused by read, skip and visit alike, with this message and offset. */
export function refused<T>(
  type: Type<T>,
  table: readonly { hex: string; message: string; offset: number; skips?: boolean }[],
): void {
  describe(`${type.name} refuses`, () => {
    for (const { hex, message, offset, skips = false } of table) {
      test(`${hex}: ${message}`, () => {
        const bytes = fromHex(hex);
        const acts = [() => type.read(over(bytes)), () => type.visit(over(bytes), "it", () => {})];
        // Skip looks at extents only: a bad bool of fixed size passes there.
        if (!skips) acts.push(() => type.skip(over(bytes)) as never);
        for (const act of acts) {
          const error = caught(act);
          expect(error).toBeInstanceOf(XdrError);
          expect(error).toMatchObject({ message, offset });
        }
      });
    }
  });
}
