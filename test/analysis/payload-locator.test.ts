import { describe, expect, test } from "vitest";
import { locatePayload } from "../../src/analysis/payload-locator.ts";
import { writeCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { NO_AUTH, writeCall as writeRpcCall, writeReply as writeRpcReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { op, scenario } from "../support/scenario.ts";
import { argsOf, resultOf, type Step } from "../support/scenario-operations.ts";

const session = scenario().session();

function callOf(steps: readonly Step[], { program = 100003, version = 4 } = {}): Uint8Array {
  const sink = new Sink();
  writeRpcCall(sink, { xid: 1, program, version, procedure: 1, cred: NO_AUTH, verf: NO_AUTH });
  writeCall(sink, "", 1, [session.sequence(0, 1), ...steps].map(argsOf));
  return sink.finish();
}

function replyOf(steps: readonly Step[]): Uint8Array {
  const sink = new Sink();
  writeRpcReply(sink, { xid: 1, acceptStat: 0 });
  writeReply(
    sink,
    0,
    "",
    [session.sequence(0, 1), ...steps].map((step) => resultOf(step)),
  );
  return sink.finish();
}

function locate(bytes: Uint8Array, seen = bytes.length - 100) {
  const into = { at: 0, length: 0 };
  return { said: locatePayload(bytes, 0, seen, into), ...into };
}

const data = Uint8Array.from({ length: 6001 }, (_, i) => 1 + (i % 250));

describe("bulk data", () => {
  test.each([
    ["WRITE", callOf([op.putfh(), op.write(data), op.getattr()])],
    ["READ", replyOf([op.putfh(), op.read(6001, data), op.getattr()])],
  ])("of %s is found as soon as its length is there", (_, bytes) => {
    const { said, at, length } = locate(bytes, 600);
    expect(said).toBe("found");
    expect(bytes.subarray(at, at + length)).toEqual(data);
  });

  test("is not told of before its length is there", () => {
    const bytes = callOf([op.putfh(), op.write(data)]);
    expect(locate(bytes, 100).said).toBe("more");
    expect(locate(bytes, 20).said).toBe("more");
  });

  test("that is short is gathered like the rest", () => {
    expect(locate(callOf([op.putfh(), op.write(data.subarray(0, 4000)), op.getattr()])).said).not.toBe("found");
  });

  test("that is there already is not left out", () => {
    const bytes = callOf([op.putfh(), op.write(data), op.lookup("a".repeat(200))]);
    expect(locate(bytes, bytes.length - 20).said).toBe("more");
  });

  test("the second one is found when the first is there", () => {
    const bytes = callOf([op.write(data), op.write(data)]);
    const { said, at } = locate(bytes, bytes.length - 3000);
    expect(said).toBe("found");
    expect(at).toBeGreaterThan(6001);
  });

  test.each([
    ["another program", callOf([op.write(data)], { program: 100005 })],
    ["another version", callOf([op.write(data)], { version: 3 })],
    ["no RPC at all", new Uint8Array(900).fill(0x5a)],
  ])("is not looked for in %s", (_, bytes) => {
    expect(locate(bytes, 600).said).toBe("none");
  });

  test("nor behind an operation that does not exist", () => {
    const bytes = callOf([op.putrootfh(), op.write(data)]);
    const at = bytes.findIndex((_, i) => bytes[i] === 0 && bytes[i + 3] === 24 && bytes[i + 7] === 38);
    bytes[at + 3] = 200;
    expect(locate(bytes, 600).said).toBe("none");
  });
});
