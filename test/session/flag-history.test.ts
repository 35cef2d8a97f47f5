import { describe, expect, test } from "vitest";
import { created, type ModelTraffic } from "../support/model-traffic.ts";

const PATH_DOWN = 0x1;
const ADMIN_REVOKED = 0x20;

const periods = (traffic: ModelTraffic) =>
  [...traffic.session()!.flagHistory!.periods.values()].map(({ bit, replies }) => [bit, replies]);

describe("status flags of a session", () => {
  test("nothing is kept as long as none is set", () => {
    const traffic = created();
    traffic.exchange(1, 5);
    expect(traffic.session()).toMatchObject({ statusFlags: 0, flagHistory: null });
    expect(traffic.news()).not.toContain("status-flags");
  });

  test("each has its period, told of on every reply until all are cleared", () => {
    const traffic = created();
    traffic.exchange(1);
    traffic.news();
    const call = traffic.call({ seq: 2 });
    const reply = traffic.ok(call, { flags: PATH_DOWN });
    traffic.ok(traffic.call({ seq: 3 }), { flags: PATH_DOWN | ADMIN_REVOKED });
    expect(periods(traffic)).toEqual([
      [PATH_DOWN, 2],
      [ADMIN_REVOKED, 1],
    ]);
    const { flagHistory } = traffic.session()!;
    expect(flagHistory!.newest(-1)!.bit).toBe(ADMIN_REVOKED);
    expect(flagHistory!.newest(PATH_DOWN)).toMatchObject({ askedAt: call.at, since: { frame: reply.frame } });
    expect(flagHistory!.newest(4)).toBeNull();
    traffic.ok(traffic.call({ seq: 4 }), { flags: ADMIN_REVOKED });
    expect(periods(traffic)).toEqual([[ADMIN_REVOKED, 2]]);
    traffic.exchange(5, 6);
    expect(periods(traffic)).toEqual([]);
    expect(traffic.news().filter((kind) => kind === "status-flags")).toHaveLength(4);
  });

  test("the highest bit is a bit like others", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }), { flags: 0x8000_0000 });
    expect(periods(traffic)).toEqual([[0x8000_0000, 1]]);
    expect(traffic.session()!.flagHistory!.newest(0x8000_0000)).toMatchObject({ isFromStart: true });
  });

  test("a reply that was overtaken says nothing", () => {
    const traffic = created();
    const slow = traffic.call({ seq: 1 });
    traffic.ok(traffic.call({ seq: 1, slot: 1 }), { flags: PATH_DOWN });
    traffic.ok(slow, { flags: 0 });
    expect(traffic.session()!.statusFlags).toBe(PATH_DOWN);
  });

  test("nor does one to a retry", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }), { flags: PATH_DOWN });
    traffic.ok(traffic.call({ seq: 2 }), { flags: 0 });
    traffic.ok(traffic.call({ seq: 2 }), { flags: PATH_DOWN });
    expect(traffic.session()!.statusFlags).toBe(0);
  });

  test("after more than a lease without any reply all begins anew", () => {
    const traffic = created();
    traffic.ok(traffic.call({ seq: 1 }), { flags: PATH_DOWN });
    traffic.wait(100);
    traffic.news();
    const call = traffic.call({ seq: 2 });
    traffic.ok(call, { flags: PATH_DOWN });
    expect(traffic.told.at(-1)).toMatchObject({ before: PATH_DOWN, flags: PATH_DOWN });
    expect(periods(traffic)).toEqual([[PATH_DOWN, 1]]);
    expect(traffic.session()!.flagHistory!.newest(PATH_DOWN)!.askedAt).toBe(call.at);
  });
});
