import { describe, expect, it } from "vitest";
import * as c from "../../src/nfs4/constants.ts";
import {
  callbackPositionFault,
  destroyClientIdFault,
  destroySessionFault,
  positionFault,
  uncachedRetryStatus,
} from "../../src/session/compound-position.ts";

const UNKNOWN = 9999;

describe("positionFault", () => {
  it.each<[string, number[]]>([
    ["nothing", []],
    ["a lone SEQUENCE", [c.OP_SEQUENCE]],
    ["SEQUENCE first", [c.OP_SEQUENCE, c.OP_PUTROOTFH, c.OP_GETATTR]],
    ["EXCHANGE_ID alone", [c.OP_EXCHANGE_ID]],
    ["CREATE_SESSION alone", [c.OP_CREATE_SESSION]],
    ["BIND_CONN_TO_SESSION alone", [c.OP_BIND_CONN_TO_SESSION]],
    ["DESTROY_SESSION alone", [c.OP_DESTROY_SESSION]],
    ["DESTROY_CLIENTID alone", [c.OP_DESTROY_CLIENTID]],
    ["EXCHANGE_ID in a session", [c.OP_SEQUENCE, c.OP_EXCHANGE_ID]],
    ["CREATE_SESSION in a session", [c.OP_SEQUENCE, c.OP_CREATE_SESSION]],
    ["DESTROY_SESSION in a session", [c.OP_SEQUENCE, c.OP_PUTROOTFH, c.OP_DESTROY_SESSION]],
    ["what is illegal but in its place", [c.OP_SEQUENCE, UNKNOWN]],
  ])("%s is fine", (_name, ops) => {
    expect(positionFault(ops, ops.length)).toBeNull();
  });

  it.each<[string, number[], number, number]>([
    ["SEQUENCE twice", [c.OP_SEQUENCE, c.OP_PUTROOTFH, c.OP_SEQUENCE], 2, c.NFS4ERR_SEQUENCE_POS],
    ["SEQUENCE after an operation that needs it", [c.OP_PUTROOTFH, c.OP_SEQUENCE], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
    ["BIND behind SEQUENCE", [c.OP_SEQUENCE, c.OP_BIND_CONN_TO_SESSION], 1, c.NFS4ERR_NOT_ONLY_OP],
    ["EXCHANGE_ID and more", [c.OP_EXCHANGE_ID, c.OP_CREATE_SESSION], 0, c.NFS4ERR_NOT_ONLY_OP],
    ["CREATE_SESSION and more", [c.OP_CREATE_SESSION, c.OP_PUTROOTFH], 0, c.NFS4ERR_NOT_ONLY_OP],
    ["BIND and more", [c.OP_BIND_CONN_TO_SESSION, c.OP_BIND_CONN_TO_SESSION], 0, c.NFS4ERR_NOT_ONLY_OP],
    ["DESTROY_SESSION and more", [c.OP_DESTROY_SESSION, c.OP_DESTROY_SESSION], 0, c.NFS4ERR_NOT_ONLY_OP],
    ["DESTROY_CLIENTID and more", [c.OP_DESTROY_CLIENTID, c.OP_SEQUENCE], 0, c.NFS4ERR_NOT_ONLY_OP],
    ["RECLAIM_COMPLETE alone", [c.OP_RECLAIM_COMPLETE], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
    ["BACKCHANNEL_CTL alone", [c.OP_BACKCHANNEL_CTL], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
    ["an operation that does not exist", [UNKNOWN], 0, c.NFS4ERR_OP_ILLEGAL],
    ["ILLEGAL", [c.OP_ILLEGAL], 0, c.NFS4ERR_OP_ILLEGAL],
    ["SETCLIENTID, of 4.0 only", [c.OP_SETCLIENTID], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
  ])("%s", (_name, ops, index, status) => {
    expect(positionFault(ops, ops.length)).toMatchObject({ index, status });
  });

  it("looks at `count` operations of a reused array only", () => {
    expect(positionFault(Uint32Array.of(c.OP_SEQUENCE, c.OP_GETATTR, c.OP_SEQUENCE), 2)).toBeNull();
  });

  it("names the other statuses where two MUSTs meet", () => {
    expect(positionFault([c.OP_RENEW], 1)?.alsoAccepted).toEqual([c.NFS4ERR_NOTSUPP]);
    expect(positionFault([UNKNOWN], 1)?.alsoAccepted).toEqual([c.NFS4ERR_OP_NOT_IN_SESSION]);
    expect(positionFault([c.OP_READ], 1)?.alsoAccepted).toEqual([]);
  });

  it("knows an operation of 4.2 only there", () => {
    expect(positionFault([c.OP_SEEK], 1, 1)?.status).toBe(c.NFS4ERR_OP_ILLEGAL);
    expect(positionFault([c.OP_SEEK], 1, 2)?.status).toBe(c.NFS4ERR_OP_NOT_IN_SESSION);
  });
});

describe("callbackPositionFault", () => {
  it.each<[number[], number | null, number]>([
    [[], null, 0],
    [[c.OP_CB_SEQUENCE], null, 0],
    [[c.OP_CB_SEQUENCE, c.OP_CB_RECALL], null, 0],
    [[c.OP_CB_RECALL], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
    [[c.OP_CB_RECALL, c.OP_CB_SEQUENCE], 0, c.NFS4ERR_OP_NOT_IN_SESSION],
    [[c.OP_CB_SEQUENCE, c.OP_CB_RECALL, c.OP_CB_SEQUENCE], 2, c.NFS4ERR_SEQUENCE_POS],
  ])("%o", (ops, index, status) => {
    const fault = callbackPositionFault(ops, ops.length);
    if (index === null) expect(fault).toBeNull();
    else expect(fault).toMatchObject({ index, status });
  });
});

it("DESTROY_SESSION of the own session comes last, of another one anywhere (§18.37.3)", () => {
  expect(destroySessionFault(1, 2, true)).toBeNull();
  expect(destroySessionFault(1, 3, true)).toMatchObject({ index: 1, status: c.NFS4ERR_NOT_ONLY_OP });
  expect(destroySessionFault(1, 3, false)).toBeNull();
});

it("DESTROY_CLIENTID under its own SEQUENCE is busy (§18.50.3)", () => {
  expect(destroyClientIdFault(1, true)).toMatchObject({ index: 1, status: c.NFS4ERR_CLIENTID_BUSY });
  expect(destroyClientIdFault(1, false)).toBeNull();
});

it.each([
  [c.OP_PUTFH, 1, c.NFS4ERR_RETRY_UNCACHED_REP],
  [c.OP_SEEK, 2, c.NFS4ERR_RETRY_UNCACHED_REP],
  [c.OP_SEEK, 1, c.NFS4ERR_OP_ILLEGAL],
  [UNKNOWN, 2, c.NFS4ERR_OP_ILLEGAL],
  [c.OP_SETCLIENTID, 1, c.NFS4ERR_NOTSUPP],
])("uncached retry: operation %d of 4.%d gets status %d (§2.10.6.1.3)", (op, minorVersion, status) => {
  expect(uncachedRetryStatus(op, minorVersion)).toBe(status);
});
