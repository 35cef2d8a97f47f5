import { describe, expect, test } from "vitest";
import { callbackOperationNamed } from "../../src/nfs4/callback-table.ts";
import { type OperationValue, writeCallbackCall } from "../../src/nfs4/compound-writer.ts";
import { NFS4ERR_BADSLOT, NFS4ERR_DELAY } from "../../src/nfs4/constants.ts";
import type { CallbackDecision } from "../../src/requester/callback-replier.ts";
import { readCallbackReply, replyText } from "../../src/requester/compound-reply.ts";
import { rawOperation } from "../../src/requester/raw-operation.ts";
import { writeCall } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { fakeWorld } from "../support/requester-fixture.ts";

const PROGRAM = 0x4000_0000;
const operation = (name: string, value: unknown): OperationValue => ({
  operation: callbackOperationNamed(name)!,
  value,
});
const STATEID = { seqid: 1, other: new Uint8Array(12).fill(7) };
const recall = operation("CB_RECALL", { stateid: STATEID, truncate: false, fh: Uint8Array.of(1, 2, 3, 4) });

async function world() {
  const { timers, server, managed, requester } = fakeWorld();
  const session = await managed();
  let xid = 0;
  /** Calls back and gives the answer in words; null when there is none. */
  async function call(operations: OperationValue[], { program = PROGRAM, version = 1, procedure = 1, minor = 1 } = {}) {
    const peer = server.peers[0]!;
    const sink = new Sink();
    writeCall(sink, { xid: ++xid, program, version, procedure });
    if (procedure === 1) writeCallbackCall(sink, "tag", minor, 0, operations);
    peer.send(sink.finish());
    await timers.advance(1);
    const body = peer.replies.get(xid);
    if (body === undefined) return null;
    return body.length === 0 ? "" : replyText(readCallbackReply(body));
  }
  const sequence = (seq: number, changes: Record<string, unknown> = {}) =>
    operation("CB_SEQUENCE", {
      csa_sessionid: session.session!.id,
      csa_sequenceid: seq,
      csa_slotid: 0,
      csa_highest_slotid: 0,
      csa_cachethis: false,
      csa_referring_call_lists: [],
      ...changes,
    });
  return { timers, server, session, requester, call, sequence };
}

describe("CallbackReplier", () => {
  test("a recalled delegation is returned through the session, once for all retries", async () => {
    const { timers, server, call, sequence } = await world();
    expect(await call([sequence(1), recall])).toBe("CB_SEQUENCE OK, CB_RECALL OK");
    expect(await call([sequence(1), recall])).toBe("CB_SEQUENCE OK, CB_RECALL OK");
    await timers.advance(10);
    expect(server.seen.slice(-2)).toEqual(["PUTFH", "DELEGRETURN"]);
    expect(server.seen.filter((name) => name === "DELEGRETURN")).toHaveLength(1);
  });

  test.each<[string, (all: Awaited<ReturnType<typeof world>>) => OperationValue[], string]>([
    ["another session", ({ sequence }) => [sequence(1, { csa_sessionid: new Uint8Array(16) })], "NFS4ERR_BADSESSION"],
    ["a slot beyond the table", ({ sequence }) => [sequence(1, { csa_slotid: 8 })], "NFS4ERR_BADSLOT"],
    ["a sequence id out of turn", ({ sequence }) => [sequence(2)], "NFS4ERR_SEQ_MISORDERED"],
    ["0 on a fresh slot", ({ sequence }) => [sequence(0)], "NFS4ERR_SEQ_MISORDERED"],
  ])("%s is refused, and the slot stays", async (_what, operations, status) => {
    const all = await world();
    expect(await all.call(operations(all))).toBe(`CB_SEQUENCE ${status}`);
    expect(await all.call([all.sequence(1)])).toBe("CB_SEQUENCE OK");
  });

  test("a false retry is refused", async () => {
    const { call, sequence } = await world();
    await call([sequence(1)]);
    expect(await call([sequence(1), recall])).toBe("CB_SEQUENCE NFS4ERR_SEQ_FALSE_RETRY");
  });

  test.each<[string, (all: Awaited<ReturnType<typeof world>>) => OperationValue[], string]>([
    ["no CB_SEQUENCE", () => [recall], "CB_RECALL NFS4ERR_OP_NOT_IN_SESSION"],
    ["nothing", () => [], "OK, no results"],
    ["an unknown operation alone", () => [rawOperation(99)], "CB_ILLEGAL NFS4ERR_OP_ILLEGAL"],
    [
      "a second CB_SEQUENCE",
      ({ sequence }) => [sequence(1), sequence(1)],
      "CB_SEQUENCE OK, CB_SEQUENCE NFS4ERR_SEQUENCE_POS",
    ],
    [
      "an unknown operation",
      ({ sequence }) => [sequence(1), rawOperation(99)],
      "CB_SEQUENCE OK, CB_ILLEGAL NFS4ERR_OP_ILLEGAL",
    ],
    ["cut arguments", ({ sequence }) => [sequence(1), rawOperation(4)], "CB_SEQUENCE OK, CB_RECALL NFS4ERR_BADXDR"],
    [
      "a CB_GETATTR",
      ({ sequence }) => [sequence(1), operation("CB_GETATTR", { fh: Uint8Array.of(1), attr_request: [] })],
      "CB_SEQUENCE OK, CB_GETATTR NFS4ERR_BADHANDLE",
    ],
    [
      "what this client has no use for",
      ({ sequence }) => [sequence(1), operation("CB_RECALL_ANY", { craa_objects_to_keep: 0, craa_type_mask: [] })],
      "CB_SEQUENCE OK, CB_RECALL_ANY NFS4ERR_NOTSUPP",
    ],
  ])("%s is answered honestly", async (_what, operations, text) => {
    const all = await world();
    expect(await all.call(operations(all))).toBe(text);
  });

  test("RPC: CB_NULL is answered, other programs, versions and procedures are not ours", async () => {
    const { call, sequence } = await world();
    expect(await call([], { procedure: 0 })).toBe("");
    for (const odd of [{ program: PROGRAM + 1 }, { version: 2 }, { procedure: 2 }])
      expect(await call([sequence(1)], odd)).toBe("");
    expect(await call([sequence(1)], { version: 4 })).toBe("CB_SEQUENCE OK");
    expect(await call([sequence(2)], { minor: 2 })).toBe("NFS4ERR_MINOR_VERS_MISMATCH, no results");
  });

  test("slots asked back are given back, and the server is told by a lone SEQUENCE", async () => {
    const { timers, server, session, call, sequence } = await world();
    const asked: number[] = [];
    server.onSequence = ({ sa_highest_slotid }) => {
      asked.push(sa_highest_slotid);
      return null;
    };
    const slotRecall = operation("CB_RECALL_SLOT", { rsa_target_highest_slotid: 2 });
    expect(await call([sequence(1), slotRecall])).toBe("CB_SEQUENCE OK, CB_RECALL_SLOT OK");
    await timers.advance(10);
    expect(asked).toEqual([0]);
    expect(session.session?.model.fore.limit).toBe(2);
  });

  test("a witness sees every call, whatever it is for", async () => {
    const { requester, call } = await world();
    const seen: string[] = [];
    requester.callbacks.witness = ({ program, version }) => seen.push(`${program - PROGRAM} ${version}`);
    await call([], { program: PROGRAM + 1 });
    await call([], { version: 2 });
    await call([], { procedure: 0 });
    expect(seen).toEqual(["1 1", "0 2", "0 1"]);
  });

  test("a hook sees every callback and may answer anything, later, or never", async () => {
    const { timers, requester, call, sequence } = await world();
    const seen: (number | null)[] = [];
    let decide: () => CallbackDecision | Promise<CallbackDecision> = () => "answer";
    requester.callbacks.hook = ({ message }) => {
      seen.push(message?.sequence?.csa_sequenceid ?? null);
      return decide();
    };
    decide = () => ({ sequenceStatus: NFS4ERR_DELAY });
    expect(await call([sequence(1)])).toBe("CB_SEQUENCE NFS4ERR_DELAY");
    decide = () => ({ sequenceStatus: NFS4ERR_BADSLOT });
    expect(await call([sequence(1)])).toBe("CB_SEQUENCE NFS4ERR_BADSLOT");
    decide = () => ({ operationStatus: NFS4ERR_DELAY });
    expect(await call([sequence(1, { csa_slotid: 1 }), recall])).toBe("CB_SEQUENCE OK, CB_RECALL NFS4ERR_DELAY");
    decide = () => "answer";
    // It counted: the answer is kept.
    expect(await call([sequence(1, { csa_slotid: 1 }), recall])).toBe("CB_SEQUENCE OK, CB_RECALL NFS4ERR_DELAY");
    decide = () => "ignore";
    expect(await call([sequence(1)])).toBeNull();
    decide = () => new Promise((resolve) => void timers.after(100, () => resolve("answer")));
    expect(await call([sequence(1)])).toBeNull();
    decide = () => "answer";
    await timers.advance(200);
    expect(await call([sequence(2)])).toBe("CB_SEQUENCE OK");
    expect(await call([], { procedure: 0 })).toBe("");
    expect(seen).toEqual([1, 1, 1, 1, 1, 1, 2, null]);
  });
});
