import { describe, expect, test } from "vitest";
import {
  GSS_S_COMPLETE,
  GssBody,
  GssCred,
  GssInitResult,
  gssBody,
  isGssControl,
  parseGssCred,
  parseGssInitResult,
  RPC_GSS_SVC_CHANNEL_PROT,
  RPC_GSS_SVC_INTEGRITY,
  RPC_GSS_SVC_NONE,
  RPC_GSS_SVC_PRIVACY,
  RPCSEC_GSS_BIND_CHANNEL,
  RPCSEC_GSS_CONTINUE_INIT,
  RPCSEC_GSS_DATA,
  RPCSEC_GSS_DESTROY,
  RPCSEC_GSS_INIT,
} from "../../src/rpc/gss.ts";
import { NOT_ELIDED } from "../../src/rpc/record-gather.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { random } from "../support/random.ts";
import { filler, joined } from "../support/rpc-stream.ts";

function words(...values: readonly number[]): Uint8Array {
  const sink = new Sink();
  for (const value of values) sink.u32(value);
  return sink.finish();
}

function cred(version: number, procedure: number, sequence: number, service: number, handle: Uint8Array): Uint8Array {
  const padding = new Uint8Array(-handle.length & 3);
  return joined(words(version, procedure, sequence, service, handle.length), handle, padding);
}

function parse(bytes: Uint8Array): GssCred | null {
  const into = new GssCred();
  return parseGssCred(bytes, 0, bytes.length, into) ? into : null;
}

describe("an RPCSEC_GSS credential", () => {
  test.each([1, 2, 3])("of version %i is read", (version) => {
    const bytes = cred(version, RPCSEC_GSS_DATA, 77, RPC_GSS_SVC_INTEGRITY, filler(5));
    expect(parse(bytes)).toMatchObject({
      version,
      procedure: 0,
      sequence: 77,
      service: 2,
      handleStart: 20,
      handleLength: 5,
    });
    for (let end = 0; end < bytes.length; end++) expect(parse(bytes.subarray(0, end))).toBeNull();
  });

  test.each([
    ["version 0", cred(0, 0, 1, 1, filler(4))],
    ["version 4", cred(4, 0, 1, 1, filler(4))],
    ["procedure 7", cred(1, 7, 1, 1, filler(4))],
    ["service 0", cred(1, 0, 1, 0, filler(4))],
    ["service 5", cred(1, 0, 1, 5, filler(4))],
    ["a handle longer than it is", words(1, 0, 1, 1, 0xffff_ffff)],
    ["bytes behind the handle", joined(cred(1, 0, 1, 1, filler(4)), words(0))],
  ])("with %s is none", (_name, bytes) => {
    expect(parse(bytes)).toBeNull();
  });

  test("says whether the call manages a context; creation leaves the service undefined", () => {
    expect(isGssControl(parse(cred(1, RPCSEC_GSS_INIT, 0, 0, new Uint8Array(0)))!)).toBe(true);
    expect(isGssControl(parse(cred(1, RPCSEC_GSS_CONTINUE_INIT, 0, 0, filler(4)))!)).toBe(true);
    expect(isGssControl(parse(cred(1, RPCSEC_GSS_DESTROY, 5, 1, filler(4)))!)).toBe(true);
    expect(isGssControl(parse(cred(2, RPCSEC_GSS_BIND_CHANNEL, 5, 1, filler(4)))!)).toBe(true);
    expect(isGssControl(parse(cred(1, RPCSEC_GSS_DATA, 5, 1, filler(4)))!)).toBe(false);
  });
});

describe("the body", () => {
  const args = filler(40);
  /** rpc_gss_integ_data: databody_integ<> holding seq_num and the arguments, checksum<>. */
  const integrity = joined(words(4 + args.length, 77), args, words(12), filler(12));

  function body(service: number, bytes: Uint8Array, elidedAt = NOT_ELIDED, elidedLength = 0): GssBody {
    const into = new GssBody();
    gssBody(service, bytes, 0, bytes.length, elidedAt, elidedLength, into);
    return into;
  }

  test("is clear without a service and under channel protection", () => {
    for (const service of [RPC_GSS_SVC_NONE, RPC_GSS_SVC_CHANNEL_PROT]) {
      expect(body(service, args)).toMatchObject({ kind: "clear", start: 0, end: 40, isComplete: true });
    }
  });

  test("lies behind length and seq_num under integrity, before the checksum", () => {
    expect(body(RPC_GSS_SVC_INTEGRITY, integrity)).toMatchObject({
      kind: "integrity",
      start: 8,
      end: 48,
      sequence: 77,
      isComplete: true,
    });
  });

  test("that was cut ends where the bytes end", () => {
    for (let end = 8; end < 48; end++) {
      expect(body(RPC_GSS_SVC_INTEGRITY, integrity.subarray(0, end))).toMatchObject({
        start: 8,
        end,
        isComplete: false,
      });
    }
    expect(body(RPC_GSS_SVC_INTEGRITY, integrity.subarray(0, 7)).kind).toBe("opaque");
  });

  test("with payload left out ends so much earlier in the bytes kept", () => {
    const kept = joined(integrity.subarray(0, 20), integrity.subarray(36));
    const found = body(RPC_GSS_SVC_INTEGRITY, kept, 20, 16);
    expect(found).toMatchObject({ kind: "integrity", start: 8, end: 32, isComplete: true });
    expect(kept.subarray(20, found.end)).toEqual(args.subarray(28));
  });

  test("with a length that lies is opaque or cut, never beyond the bytes", () => {
    expect(body(RPC_GSS_SVC_INTEGRITY, joined(words(3, 77), args)).kind).toBe("opaque");
    expect(body(RPC_GSS_SVC_INTEGRITY, joined(words(0xffff_ffff, 77), args))).toMatchObject({
      end: 48,
      isComplete: false,
    });
    expect(body(RPC_GSS_SVC_INTEGRITY, joined(words(20, 77), args), 12, 30).kind).toBe("opaque");
  });

  test("is opaque under privacy and under services nobody knows", () => {
    expect(body(RPC_GSS_SVC_PRIVACY, integrity)).toMatchObject({ kind: "opaque", start: 0, end: integrity.length });
    expect(body(9, integrity).kind).toBe("opaque");
  });

  test("of random bytes stays within them", () => {
    const next = random(8);
    for (let count = 0; count < 5000; count++) {
      const bytes = Uint8Array.from({ length: Math.floor(next() * 60) }, () =>
        next() < 0.7 ? 0 : Math.floor(next() * 80),
      );
      const found = body(1 + Math.floor(next() * 4), bytes, Math.floor(next() * 60), Math.floor(next() * 60));
      expect(found.start).toBeLessThanOrEqual(bytes.length);
      expect(found.end).toBeLessThanOrEqual(bytes.length);
    }
  });
});

test("the answer to context creation names handle, status and window", () => {
  const bytes = joined(words(6), filler(6), new Uint8Array(2), words(GSS_S_COMPLETE, 0, 128, 4), filler(4));
  const into = new GssInitResult();
  expect(parseGssInitResult(bytes, 0, bytes.length, into)).toBe(true);
  expect(into).toMatchObject({ handleStart: 4, handleLength: 6, major: GSS_S_COMPLETE, minor: 0, window: 128 });
  for (let end = 0; end < 24; end++) expect(parseGssInitResult(bytes, 0, end, into)).toBe(false);
  expect(parseGssInitResult(words(0xffff_ffff, 0, 0, 0), 0, 16, into)).toBe(false);
});
