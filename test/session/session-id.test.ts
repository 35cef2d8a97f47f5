import { describe, expect, it } from "vitest";
import { newSessionId, sessionIdText } from "../../src/session/session-id.ts";

const FALLBACK = { clientId: 0x0123_4567_89ab_cdefn, nowNanos: 1_700_000_000_000_000_001n };

describe("newSessionId", () => {
  it("takes 16 random bytes, of which it keeps a copy", () => {
    const source = new Uint8Array(16).fill(7);
    const { id, source: from } = newSessionId((bytes) => source.subarray(0, bytes), FALLBACK);
    source.fill(0);
    expect([sessionIdText(id), from]).toEqual(["07".repeat(16), "random"]);
  });

  it.each<[string, (bytes: number) => Uint8Array]>([
    [
      "throws",
      () => {
        throw new Error("no entropy");
      },
    ],
    ["comes up short", () => new Uint8Array(15)],
  ])("falls back on client id and clock when the source %s, and says so", (_name, random) => {
    const { id, source } = newSessionId(random, FALLBACK);
    expect(source).toBe("fallback");
    expect(sessionIdText(id)).toBe(`0123456789abcdef${FALLBACK.nowNanos.toString(16).padStart(16, "0")}`);
    expect(newSessionId(random, FALLBACK).id).toEqual(id);
    expect(newSessionId(random, { ...FALLBACK, nowNanos: FALLBACK.nowNanos + 1n }).id).not.toEqual(id);
    expect(newSessionId(random, { ...FALLBACK, clientId: 1n }).id).not.toEqual(id);
  });
});

it("sessionIdText writes every byte as two digits", () => {
  expect(sessionIdText(Uint8Array.of(0x96, 0x4c, 0, 0xa))).toBe("964c000a");
});
