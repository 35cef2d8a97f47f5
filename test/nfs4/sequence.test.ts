import { expect, test } from "vitest";
import { CB_SEQUENCE4args, CB_SEQUENCE4res } from "../../src/nfs4/ops/callback-session.ts";
import { SEQUENCE4args, SEQUENCE4res } from "../../src/nfs4/ops/session.ts";
import { callbackSequenceArgs, callbackSequenceResult, sequenceArgs, sequenceResult } from "../../src/nfs4/sequence.ts";
import { rows } from "../support/xdr-rows.ts";

const id = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
const ID = "01020304 05060708 090a0b0c 0d0e0f10";

rows(SEQUENCE4args, [
  {
    hex: `${ID} fffffffe 00000003 00000007 00000001`,
    value: { sa_sessionid: id, sa_sequenceid: 0xffff_fffe, sa_slotid: 3, sa_highest_slotid: 7, sa_cachethis: true },
  },
]);

rows(SEQUENCE4res, [
  {
    hex: `00000000 ${ID} fffffffe 00000003 00000007 00000009 80000001`,
    value: {
      sr_status: 0,
      sr_resok4: {
        sr_sessionid: id,
        sr_sequenceid: 0xffff_fffe,
        sr_slotid: 3,
        sr_highest_slotid: 7,
        sr_target_highest_slotid: 9,
        sr_status_flags: 0x8000_0001,
      },
    },
  },
  { hex: "0000274f", value: { sr_status: 10_063 } },
]);

rows(CB_SEQUENCE4args, [
  {
    hex: `${ID} 00000005 00000000 00000001 00000000 00000001 ${ID} 00000001 00000008 00000002`,
    value: {
      csa_sessionid: id,
      csa_sequenceid: 5,
      csa_slotid: 0,
      csa_highest_slotid: 1,
      csa_cachethis: false,
      csa_referring_call_lists: [{ rcl_sessionid: id, rcl_referring_calls: [{ rc_sequenceid: 8, rc_slotid: 2 }] }],
    },
  },
]);

rows(CB_SEQUENCE4res, [
  {
    hex: `00000000 ${ID} 00000005 00000000 00000001 00000002`,
    value: {
      csr_status: 0,
      csr_resok4: {
        csr_sessionid: id,
        csr_sequenceid: 5,
        csr_slotid: 0,
        csr_highest_slotid: 1,
        csr_target_highest_slotid: 2,
      },
    },
  },
]);

// Each 32-bit word of the record says which word it is, so that a wrong offset reads a wrong number.
const AT = 8;
const bytes = Uint8Array.from({ length: 80 }, (_, i) => (i % 4 === 3 ? (i - 3) / 4 : i % 4 === 0 ? 0x80 : 0));
const wordAt = (offset: number) => 0x8000_0000 + (AT + offset) / 4;

test("SEQUENCE arguments in place", () => {
  expect(sequenceArgs.sessionid(AT)).toBe(AT);
  expect(sequenceArgs.sequenceid(bytes, AT)).toBe(wordAt(16));
  expect(sequenceArgs.slotid(bytes, AT)).toBe(wordAt(20));
  expect(sequenceArgs.highestSlotid(bytes, AT)).toBe(wordAt(24));
  expect(sequenceArgs.cachethis(bytes, AT)).toBe(true);
  expect(sequenceArgs.cachethis(new Uint8Array(32), 0)).toBe(false);
});

test("SEQUENCE result in place, behind its status", () => {
  expect(sequenceResult.sessionid(AT)).toBe(AT + 4);
  expect(sequenceResult.sequenceid(bytes, AT)).toBe(wordAt(20));
  expect(sequenceResult.slotid(bytes, AT)).toBe(wordAt(24));
  expect(sequenceResult.highestSlotid(bytes, AT)).toBe(wordAt(28));
  expect(sequenceResult.targetHighestSlotid(bytes, AT)).toBe(wordAt(32));
  expect(sequenceResult.statusFlags(bytes, AT)).toBe(wordAt(36));
});

test("CB_SEQUENCE arguments in place", () => {
  expect(callbackSequenceArgs.sessionid(AT)).toBe(AT);
  expect(callbackSequenceArgs.sequenceid(bytes, AT)).toBe(wordAt(16));
  expect(callbackSequenceArgs.slotid(bytes, AT)).toBe(wordAt(20));
  expect(callbackSequenceArgs.highestSlotid(bytes, AT)).toBe(wordAt(24));
  expect(callbackSequenceArgs.cachethis(bytes, AT)).toBe(true);
});

test("CB_SEQUENCE result in place, behind its status", () => {
  expect(callbackSequenceResult.sessionid(AT)).toBe(AT + 4);
  expect(callbackSequenceResult.sequenceid(bytes, AT)).toBe(wordAt(20));
  expect(callbackSequenceResult.slotid(bytes, AT)).toBe(wordAt(24));
  expect(callbackSequenceResult.highestSlotid(bytes, AT)).toBe(wordAt(28));
  expect(callbackSequenceResult.targetHighestSlotid(bytes, AT)).toBe(wordAt(32));
});
