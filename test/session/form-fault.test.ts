import { describe, expect, test } from "vitest";
import * as c from "../../src/nfs4/constants.ts";
import { dataServerFault, type FormFaultKind, formFault } from "../../src/session/form-fault.ts";

const SEQUENCE = c.OP_SEQUENCE;
const BIND = c.OP_BIND_CONN_TO_SESSION;
const UNKNOWN = 9999;

describe("formFault", () => {
  test.each<[string, number[]]>([
    ["nothing", []],
    ["SEQUENCE and more", [SEQUENCE, c.OP_PUTFH, c.OP_READ]],
    ["EXCHANGE_ID alone", [c.OP_EXCHANGE_ID]],
    ["EXCHANGE_ID in a session", [SEQUENCE, c.OP_EXCHANGE_ID]],
  ])("%s is fine", (_, ops) => {
    expect([1, 2].map((minor) => formFault(ops, minor))).toEqual([null, null]);
  });

  test.each<[FormFaultKind, number, number[], number[]]>([
    ["sequence-not-first", 2, [SEQUENCE, c.OP_PUTFH, SEQUENCE], [c.NFS4ERR_SEQUENCE_POS]],
    ["sequence-not-first", 0, [c.OP_PUTFH, SEQUENCE], [c.NFS4ERR_SEQUENCE_POS, c.NFS4ERR_OP_NOT_IN_SESSION]],
    ["missing-sequence", 0, [c.OP_PUTFH, c.OP_GETATTR], [c.NFS4ERR_OP_NOT_IN_SESSION]],
    ["not-only-op", 0, [BIND, c.OP_PUTFH], [c.NFS4ERR_NOT_ONLY_OP]],
    ["bind-in-sequence", 1, [SEQUENCE, BIND, SEQUENCE], [c.NFS4ERR_NOT_ONLY_OP]],
    ["v40-op", 1, [SEQUENCE, c.OP_RENEW, SEQUENCE], [c.NFS4ERR_NOTSUPP]],
    ["v40-op", 0, [c.OP_SETCLIENTID], [c.NFS4ERR_NOTSUPP, c.NFS4ERR_OP_NOT_IN_SESSION]],
    ["op-beyond-minor", 1, [SEQUENCE, UNKNOWN, c.OP_RENEW], [c.NFS4ERR_OP_ILLEGAL]],
    ["op-beyond-minor", 0, [c.OP_ILLEGAL], [c.NFS4ERR_OP_ILLEGAL, c.NFS4ERR_OP_NOT_IN_SESSION]],
  ])("%s at %i: %j", (kind, index, ops, statuses) => {
    expect(formFault(ops, 1)).toEqual({ kind, index, operation: ops[index], statuses });
  });

  test("what is an operation depends on the minor version", () => {
    expect(formFault([SEQUENCE, c.OP_SEEK], 1)).toMatchObject({ kind: "op-beyond-minor", index: 1 });
    expect(formFault([SEQUENCE, c.OP_SEEK], 2)).toBeNull();
    expect(formFault([c.OP_PUTFH, c.OP_RENEW], 0)).toBeNull();
    expect(formFault([c.OP_PUTFH, SEQUENCE], 0)).toMatchObject({ kind: "op-beyond-minor", index: 1 });
  });
});

describe("dataServerFault", () => {
  test("I/O and what keeps sessions is for data servers", () => {
    expect(dataServerFault([SEQUENCE, c.OP_PUTFH, c.OP_WRITE, c.OP_COMMIT], 1)).toBeNull();
    expect(dataServerFault([SEQUENCE, c.OP_BACKCHANNEL_CTL, c.OP_SECINFO_NO_NAME], 1)).toBeNull();
  });

  test("the operations of NFSv4.2 only there", () => {
    expect(dataServerFault([SEQUENCE, c.OP_PUTFH, c.OP_READ_PLUS], 1)).toMatchObject({ index: 2 });
    expect(dataServerFault([SEQUENCE, c.OP_PUTFH, c.OP_READ_PLUS], 2)).toBeNull();
  });

  test("RECLAIM_COMPLETE is named only where nothing worse is", () => {
    expect(dataServerFault([SEQUENCE, c.OP_RECLAIM_COMPLETE, c.OP_GETATTR], 1)).toMatchObject({ index: 2 });
    expect(dataServerFault([SEQUENCE, c.OP_RECLAIM_COMPLETE], 1)).toMatchObject({ index: 1 });
  });
});
