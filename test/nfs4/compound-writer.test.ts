import { describe, expect, test } from "vitest";
import { callbackOperationNamed } from "../../src/nfs4/callback-table.ts";
import { call, result, writeCall, writeCallbackCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import { callbackOperation, operation } from "../../src/nfs4/operation.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { uint32, voidType } from "../../src/xdr/types.ts";
import { toHex } from "../support/hex.ts";

function written(write: (sink: Sink) => void): string {
  const sink = new Sink();
  write(sink);
  return toHex(sink.finish()).replace(/.{8}(?=.)/g, "$& ");
}

const putrootfh = operationNamed("PUTROOTFH")!;
const recallSlot = callbackOperationNamed("CB_RECALL_SLOT")!;

describe("a compound on the wire", () => {
  test("call: tag, minor version, operations", () => {
    const hex = written((sink) => writeCall(sink, "hello", 2, [call(putrootfh, undefined)]));
    expect(hex).toBe("00000005 68656c6c 6f000000 00000002 00000001 00000018");
  });

  test("reply: status, tag, results", () => {
    const hex = written((sink) => writeReply(sink, 10_020, "", [result(putrootfh, { status: 10_020 })]));
    expect(hex).toBe("00002724 00000000 00000001 00000018 00002724");
  });

  test("callback call: an ident behind the minor version", () => {
    const calls = [call(recallSlot, { rsa_target_highest_slotid: 3 })];
    const hex = written((sink) => writeCallbackCall(sink, "", 1, 9, calls));
    expect(hex).toBe("00000000 00000001 00000009 00000001 0000000a 00000003");
  });

  test("a tag keeps bytes that are not UTF-8", () => {
    expect(written((sink) => writeCall(sink, "\udcff", 1, []))).toBe("00000001 ff000000 00000001 00000000");
  });
});

describe("a declaration", () => {
  test("takes number and nature from the constants", () => {
    expect(operation({ name: "CLONE", rfc: "", args: voidType, res: uint32 })).toMatchObject({
      number: 71,
      minMinor: 2,
      class: "M",
      mayLead: false,
    });
    expect(callbackOperation({ name: "CB_OFFLOAD", rfc: "", args: voidType, res: uint32 })).toMatchObject({
      number: 15,
      minMinor: 2,
    });
  });

  test("of an operation that does not exist is refused", () => {
    expect(() => operation({ name: "FETCH", rfc: "", args: voidType, res: uint32 })).toThrow("no operation FETCH");
    expect(() => callbackOperation({ name: "CLONE", rfc: "", args: voidType, res: uint32 })).toThrow(RangeError);
  });
});
