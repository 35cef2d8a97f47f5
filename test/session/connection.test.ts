import { describe, expect, it } from "vitest";
import { NFS4_OK, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_DELAY, NFS4ERR_INVAL } from "../../src/nfs4/constants.ts";
import {
  Bindings,
  bindAnswer,
  CHANNELS,
  isLegalBind,
  WISHED_CHANNELS as WISHED,
} from "../../src/session/connection.ts";

const { fore, back, both } = CHANNELS;
const INVAL = 0;

describe("bindAnswer", () => {
  // wished, bound already, result without widening, result with widening; INVAL where refused.
  it.each<[keyof typeof WISHED, number, number, number]>([
    ["fore", 0, fore, fore],
    ["fore", fore, fore, fore],
    ["fore", back, INVAL, INVAL],
    ["fore", both, INVAL, INVAL],
    ["back", 0, back, back],
    ["back", fore, INVAL, INVAL],
    ["back", back, back, back],
    ["back", both, INVAL, INVAL],
    ["foreOrBoth", 0, fore, both],
    ["foreOrBoth", fore, fore, both],
    ["foreOrBoth", back, INVAL, INVAL],
    ["foreOrBoth", both, both, both],
    ["backOrBoth", 0, back, both],
    ["backOrBoth", fore, INVAL, INVAL],
    ["backOrBoth", back, back, both],
    ["backOrBoth", both, both, both],
  ])("%s on a connection with channels %d", (wished, bound, plain, widened) => {
    for (const [widens, channels] of [[false, plain] as const, [true, widened] as const]) {
      const status = channels === INVAL ? NFS4ERR_INVAL : NFS4_OK;
      expect(bindAnswer(WISHED[wished], bound, widens)).toEqual({ status, channels });
      if (status === NFS4_OK) expect(isLegalBind(WISHED[wished], channels)).toBe(true);
    }
  });

  it.each([0, 4, 5, 6, 8, 0xffff_ffff])("direction %d is undefined", (wished) => {
    expect(bindAnswer(wished, 0, true)).toEqual({ status: NFS4ERR_INVAL, channels: 0 });
    expect(isLegalBind(wished, fore)).toBe(false);
  });

  it("knows the answers that a server must not give", () => {
    const legal = Object.values(WISHED).map((wished) =>
      [fore, back, both, 0].filter((got) => isLegalBind(wished, got)),
    );
    expect(legal).toEqual([[fore], [back], [fore, both], [back, both]]);
  });
});

describe("Bindings", () => {
  it("CREATE_SESSION binds its connection, with the back channel when granted", () => {
    const plain = new Bindings();
    plain.created(1, false, 10);
    expect(plain.get(1)).toEqual({ channels: fore, how: "create-session", since: 10 });
    expect([plain.hasFore, plain.hasBack]).toEqual([true, false]);
    const full = new Bindings();
    full.created(1, true, 10);
    expect([full.connections("fore"), full.connections("back")]).toEqual([[1], [1]]);
  });

  it("a SEQUENCE on a new connection binds it to the fore channel only", () => {
    const bindings = new Bindings();
    bindings.created(1, true, 10);
    expect(bindings.admits(2, false)).toBe(NFS4_OK);
    expect(bindings.get(2)).toBeNull();
    bindings.bindOnSuccess(2, 20);
    expect(bindings.get(2)).toEqual({ channels: fore, how: "implicit", since: 20 });
    expect(bindings.connections("back")).toEqual([1]);
  });

  it("asks for a bind where state protection enforces it", () => {
    const bindings = new Bindings();
    expect(bindings.admits(2, true)).toBe(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    bindings.bind(2, WISHED.back, false, 5);
    expect(bindings.admits(2, true)).toBe(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    bindings.bind(3, WISHED.fore, false, 6);
    expect(bindings.admits(3, true)).toBe(NFS4_OK);
  });

  it("keeps a binding when a bind is refused, and widens it when allowed", () => {
    const bindings = new Bindings();
    bindings.bindOnSuccess(2, 1);
    expect(bindings.bind(2, WISHED.back, false, 2).status).toBe(NFS4ERR_INVAL);
    expect(bindings.get(2)?.channels).toBe(fore);
    expect(bindings.bind(2, WISHED.foreOrBoth, true, 3)).toEqual({ status: NFS4_OK, channels: both });
    expect(bindings.get(2)).toEqual({ channels: both, how: "implicit", since: 1 });
  });

  it("tells when the last back channel is lost", () => {
    const bindings = new Bindings();
    bindings.created(1, true, 0);
    bindings.bind(2, WISHED.back, false, 0);
    expect([bindings.lost(1), bindings.lost(2), bindings.lost(2), bindings.lost(7)]).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(bindings.count).toBe(0);
  });

  it("has a bound, and counts what it does not take", () => {
    const bindings = new Bindings();
    for (let connection = 0; connection < 1024; connection++) bindings.bindOnSuccess(connection, 0);
    expect(bindings.bind(5000, WISHED.fore, false, 0)).toEqual({ status: NFS4ERR_DELAY, channels: 0 });
    bindings.bindOnSuccess(5001, 0);
    expect([bindings.count, bindings.dropped, bindings.get(5000)]).toEqual([1024, 2, null]);
    expect(bindings.bind(5, WISHED.foreOrBoth, true, 0).status).toBe(NFS4_OK);
  });
});
