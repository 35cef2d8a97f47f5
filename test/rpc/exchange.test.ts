import { describe, expect, test } from "vitest";
import { ANSWERED_KEPT, ExchangeTable, UNANSWERED_CALLS_MAX } from "../../src/rpc/exchange.ts";
import { random } from "../support/random.ts";

describe("an exchange table", () => {
  test("gives a reply its call, once, and remembers that it was answered", () => {
    const table = new ExchangeTable<string>();
    expect(table.call(7, "seven")).toBeUndefined();
    expect([table.has(7), table.size, table.answered(7)]).toEqual([true, 1, undefined]);
    expect(table.reply(7)).toBe("seven");
    expect(table.reply(7)).toBeUndefined();
    expect([table.has(7), table.size, table.answered(7)]).toEqual([false, 0, "seven"]);
  });

  test("returns the outstanding call that one with the same xid takes the place of", () => {
    const table = new ExchangeTable<string>();
    table.call(7, "first");
    table.call(8, "other");
    expect(table.call(7, "second")).toBe("first");
    expect([...table.outstanding()]).toEqual(["other", "second"]);
    expect(table.reply(7)).toBe("second");
  });

  test("has xids from 0 to the last", () => {
    const table = new ExchangeTable<string>();
    table.call(0, "zero");
    table.call(0xffff_ffff, "last");
    expect([table.reply(0xffff_ffff), table.reply(0)]).toEqual(["last", "zero"]);
  });

  test("remembers the call that was answered last under a reused xid, and forgets in time", () => {
    const table = new ExchangeTable<string>();
    const exchange = (xid: number, item: string) => {
      table.call(xid, item);
      table.reply(xid);
    };
    exchange(1, "old");
    exchange(1, "new");
    expect(table.answered(1)).toBe("new");
    for (let xid = 2; xid < 2 + 20 * ANSWERED_KEPT; xid++) exchange(xid, "x");
    expect(table.answered(1)).toBeUndefined();
  });

  test("remembers most of the latest answers, whichever byte of the xid counts", () => {
    for (const step of [1, 0x100_0000]) {
      const table = new ExchangeTable<number>();
      const xids = Array.from({ length: ANSWERED_KEPT / 4 }, (_, i) => (i * step) >>> 0);
      for (const xid of xids) {
        table.call(xid, xid);
        table.reply(xid);
      }
      const remembered = xids.filter((xid) => table.answered(xid) === xid).length;
      expect(remembered).toBeGreaterThan(xids.length * 0.75);
    }
  });

  test("lets the oldest go when too many calls get no reply, and counts them", () => {
    const letGo: number[] = [];
    const table = new ExchangeTable<number>((xid) => letGo.push(xid));
    const calls = UNANSWERED_CALLS_MAX + 10_000;
    for (let xid = 0; xid < calls; xid++) table.call(xid, xid);
    expect(table.size).toBeLessThanOrEqual(UNANSWERED_CALLS_MAX);
    expect(table.size + table.dropped).toBe(calls);
    expect(letGo).toEqual([...Array(table.dropped).keys()]);
    expect(table.has(table.dropped - 1)).toBe(false);
    expect([...table.outstanding()][0]).toBe(table.dropped);
    expect(table.reply(calls - 1)).toBe(calls - 1);
  });

  test("lets go of calls that are over, oldest first, instead of growing, and does not count them as lost", () => {
    const letGo: number[] = [];
    const table = new ExchangeTable<number>(
      (xid) => letGo.push(xid),
      (xid) => xid % 3 !== 0 && xid < 5000,
    );
    for (let xid = 0; xid < 6000; xid++) table.call(xid, xid);
    expect(table.dropped).toBe(0);
    expect(letGo).toEqual([...letGo].sort((a, b) => a - b));
    expect(letGo.length).toBeGreaterThan(2500);
    expect(letGo.every((xid) => xid % 3 !== 0 && xid < 5000)).toBe(true);
    expect(table.size).toBe(6000 - letGo.length);
    for (let xid = 0; xid < 6000; xid++) expect(table.has(xid)).toBe(!letGo.includes(xid));
  });

  test("does not ask about the few calls of healthy traffic", () => {
    let asked = 0;
    const table = new ExchangeTable<number>(
      () => {},
      () => ++asked > 0,
    );
    for (let xid = 0; xid < 60; xid++) table.call(xid, xid);
    expect(asked).toBe(0);
  });

  test("stays quick with a full table whose front is answered now and then", () => {
    const table = new ExchangeTable<number>();
    const began = performance.now();
    for (let xid = 0; xid < 600_000; xid++) {
      table.call(xid, xid);
      if (xid % 2 === 0) table.reply(xid - 30_000);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(table.size).toBeLessThanOrEqual(UNANSWERED_CALLS_MAX);
  });

  test("agrees with a plain list", () => {
    const next = random(9);
    const table = new ExchangeTable<number>();
    let list: { xid: number; item: number }[] = [];
    for (let item = 1; item < 20_000; item++) {
      const xid = Math.floor(next() * 40);
      const found = list.find((call) => call.xid === xid)?.item;
      list = list.filter((call) => call.xid !== xid);
      if (next() < 0.5) {
        expect(table.call(xid, item)).toBe(found);
        list.push({ xid, item });
      } else expect(table.reply(xid)).toBe(found);
      expect(table.size).toBe(list.length);
    }
    expect([...table.outstanding()]).toEqual(list.map((call) => call.item));
  });
});
