import { expect, test } from "vitest";
import {
  authSys,
  type CallHeader,
  type ReplyHeader,
  writeCall,
  writeRecordMark,
  writeReply,
} from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";

function hexOf(write: (sink: Sink) => void): string {
  const sink = new Sink();
  write(sink);
  return Buffer.from(sink.view())
    .toString("hex")
    .replace(/(.{8})(?=.)/g, "$1 ");
}

test.each<[CallHeader, string]>([
  [
    { xid: 0x89abcdef, program: 100003, version: 4, procedure: 1 },
    "89abcdef 00000000 00000002 000186a3 00000004 00000001 00000000 00000000 00000000 00000000",
  ],
  [
    {
      xid: 1,
      program: 0x40000000,
      version: 1,
      procedure: 0,
      cred: authSys({ machineName: Uint8Array.of(0x61), uid: 1, gid: 2 }),
      verf: { flavor: 6, body: Uint8Array.of(9, 8, 7) },
    },
    "00000001 00000000 00000002 40000000 00000001 00000000 00000001 00000018 00000000 00000001 61000000 00000001 00000002 00000000 00000006 00000003 09080700",
  ],
])("a call %#", (call, hex) => {
  expect(hexOf((sink) => writeCall(sink, call))).toBe(hex);
});

test.each<[ReplyHeader, string]>([
  [{ xid: 1, acceptStat: 0 }, "00000001 00000001 00000000 00000000 00000000 00000000"],
  [
    { xid: 1, acceptStat: 2, low: 3, high: 4 },
    "00000001 00000001 00000000 00000000 00000000 00000002 00000003 00000004",
  ],
  [{ xid: 1, rejectStat: 1, authStat: 14 }, "00000001 00000001 00000001 00000001 0000000e"],
  [{ xid: 1, rejectStat: 0, low: 2, high: 2 }, "00000001 00000001 00000001 00000000 00000002 00000002"],
])("a reply %#", (reply, hex) => {
  expect(hexOf((sink) => writeReply(sink, reply))).toBe(hex);
});

test("record marks carry the last-fragment flag in their first bit", () => {
  expect(hexOf((sink) => writeRecordMark(sink, 40))).toBe("80000028");
  expect(hexOf((sink) => writeRecordMark(sink, 40, false))).toBe("00000028");
});
