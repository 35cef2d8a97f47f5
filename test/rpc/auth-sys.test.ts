import { describe, expect, test } from "vitest";
import { AuthSys, PRINCIPAL_NONE, PRINCIPAL_UNKNOWN, parseAuthSys, principal } from "../../src/rpc/auth-sys.ts";
import { AUTH_NONE, AUTH_SHORT, RPCSEC_GSS } from "../../src/rpc/constants.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { type Auth, authSys } from "../../src/rpc/write.ts";
import { random } from "../support/random.ts";
import { callMessage, filler } from "../support/rpc-stream.ts";

const ascii = new TextEncoder();
const NOTHING = new Uint8Array(0);

function principalOf(cred: Auth): number {
  const message = callMessage(1, NOTHING, cred);
  const header = new RpcHeader();
  expect(parseHeader(message, 0, message.length, header)).toBe(true);
  return principal(header, message);
}

const user = (uid: number, more: { stamp?: number; name?: string; gid?: number; gids?: number[] } = {}) =>
  authSys({
    stamp: more.stamp ?? 1,
    machineName: ascii.encode(more.name ?? "a"),
    uid,
    gid: more.gid ?? 0,
    gids: more.gids ?? [],
  });

describe("an AUTH_SYS credential", () => {
  test("is read: RFC 5531 appendix A, by hand", () => {
    const hex = "00000007 00000005 686f737431000000 000003e8 00000064 00000002 00000004 00000018";
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    const into = new AuthSys();
    expect(parseAuthSys(bytes, 0, bytes.length, into)).toBe(true);
    expect(into).toMatchObject({ uid: 1000, gid: 100, gidCount: 2, machineNameStart: 8, machineNameLength: 5 });
    expect([...into.gids.subarray(0, 2)]).toEqual([4, 24]);
    for (let end = 0; end < bytes.length; end++) expect(parseAuthSys(bytes, 0, end, into)).toBe(false);
    expect(authSys({ stamp: 7, machineName: ascii.encode("host1"), uid: 1000, gid: 100, gids: [4, 24] }).body).toEqual(
      bytes,
    );
  });

  test("with more than 16 groups, a name over 255 bytes or bytes behind it is none", () => {
    const into = new AuthSys();
    const read = (body: Uint8Array) => parseAuthSys(body, 0, body.length, into);
    expect(read(user(1, { gids: Array(16).fill(5) }).body)).toBe(true);
    expect(read(user(1, { gids: Array(17).fill(5) }).body)).toBe(false);
    expect(read(user(1, { name: "x".repeat(255) }).body)).toBe(true);
    expect(read(user(1, { name: "x".repeat(256) }).body)).toBe(false);
    expect(read(Uint8Array.of(...user(1).body, 0, 0, 0, 0))).toBe(false);
  });
});

describe("the principal of a call", () => {
  test("is the uid, whatever stamp, machine name and groups are", () => {
    for (const uid of [0, 1000, 0xffff_fffe]) {
      expect(principalOf(user(uid))).toBe(uid);
      expect(principalOf(user(uid, { stamp: 99, name: "other-host", gid: 7, gids: [1, 2, 3] }))).toBe(uid);
    }
  });

  test("is nobody for AUTH_NONE and unknown for what does not name the user", () => {
    expect(principalOf({ flavor: AUTH_NONE, body: NOTHING })).toBe(PRINCIPAL_NONE);
    expect(principalOf({ flavor: RPCSEC_GSS, body: filler(24) })).toBe(PRINCIPAL_UNKNOWN);
    expect(principalOf({ flavor: AUTH_SHORT, body: filler(8) })).toBe(PRINCIPAL_UNKNOWN);
  });

  test("is unknown for a broken AUTH_SYS credential, never another call's bytes", () => {
    const { flavor, body } = user(1000, { name: "host" });
    for (let end = 0; end < 16; end++)
      expect(principalOf({ flavor, body: body.slice(0, end) })).toBe(PRINCIPAL_UNKNOWN);
    const next = random(4);
    for (let count = 0; count < 2000; count++) {
      const noise = Uint8Array.from({ length: Math.floor(next() * 40) }, () =>
        next() < 0.7 ? 0 : Math.floor(next() * 256),
      );
      expect(principalOf({ flavor, body: noise })).toBeGreaterThanOrEqual(PRINCIPAL_UNKNOWN);
    }
  });
});
