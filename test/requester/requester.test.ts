import { describe, expect, test } from "vitest";
import { NFS4ERR_STALE_CLIENTID } from "../../src/nfs4/constants.ts";
import { LOOKUP4args } from "../../src/nfs4/ops/namespace.ts";
import { sendCompound, sendNull } from "../../src/requester/compound-call.ts";
import { readReply, replyText } from "../../src/requester/compound-reply.ts";
import { operationCall } from "../../src/requester/operation-call.ts";
import { rawOperation } from "../../src/requester/raw-operation.ts";
import { replyDifference } from "../../src/requester/reply-comparison.ts";
import type { RawRequest } from "../../src/requester/requester-session.ts";
import { fakeWorld, userCredential } from "../support/requester-fixture.ts";

const lookup = operationCall("LOOKUP", LOOKUP4args);

async function world() {
  const fake = fakeWorld();
  const { connection, session } = await fake.raw();
  const send = async (request: RawRequest) => {
    const outcome = await fake.timers.until(session.send(request).outcome);
    if (outcome.kind !== "reply") throw new Error(outcome.kind);
    return outcome.reply;
  };
  return { ...fake, connection, session, send };
}

describe("Requester, by hand", () => {
  test("a session knows what was granted, and sends exactly what it is told", async () => {
    const { server, session, send } = await world();
    expect(session.granted.maxRequests).toBe(8);
    const sequences: unknown[] = [];
    server.onSequence = (args) => {
      sequences.push([args.sa_slotid, args.sa_sequenceid, args.sa_highest_slotid, args.sa_cachethis]);
      return null;
    };
    const operations = [lookup({ objname: "a" })];
    expect(replyText(await send({ slot: 3, seq: 1, operations }))).toBe("SEQUENCE OK, LOOKUP OK");
    expect(replyText(await send({ slot: 3, seq: 3, highest: 7, cachethis: true }))).toBe(
      "SEQUENCE NFS4ERR_SEQ_MISORDERED",
    );
    expect(replyText(await send({ slot: 8, seq: 1 }))).toBe("SEQUENCE NFS4ERR_BADSLOT");
    expect(sequences).toEqual([
      [3, 1, 3, false],
      [3, 3, 7, true],
      [8, 1, 8, false],
    ]);
  });

  test("a retry may come with another xid, connection or user", async () => {
    const { timers, requester, session, send } = await world();
    const request = { slot: 0, seq: 1, cachethis: true, operations: [lookup({ objname: "a" })], xid: 77 };
    const original = await send(request);
    const other = await timers.until(requester.connect());
    const retried = await send({ ...request, xid: 78, connection: other });
    expect(replyDifference(original, retried)).toBeNull();
    const stranger = await send({ ...request, cred: userCredential(2000) });
    expect(replyText(stranger)).toBe("SEQUENCE NFS4ERR_SEQ_FALSE_RETRY");
    expect(replyDifference(original, stranger)).toBe("status NFS4ERR_SEQ_FALSE_RETRY instead of OK");
    expect(session.connection.isOpen).toBe(true);
  });

  test("malformed operations go out as they are", async () => {
    const { timers, server, requester, connection, session } = await world();
    server.onSequence = () => "silent";
    const { outcome } = sendCompound(connection, {
      minorVersion: 1,
      operations: [session.sequence({ slot: 0, seq: 1 }), rawOperation(15, Uint8Array.of(0, 0, 0, 1, 65, 0, 0, 0))],
      timeoutMillis: 50,
    });
    expect(await timers.until(outcome)).toEqual({ kind: "timeout" });
    expect(server.seen.at(-1)).toBe("LOOKUP");
    expect(await timers.until(sendNull(connection))).toMatchObject({ kind: "reply" });
    expect(requester.connections.size).toBe(1);
  });

  test("the sequence id of CREATE_SESSION goes on after success only", async () => {
    const { timers, requester, connection } = await world();
    expect(requester.createSequence).toBe(2);
    const stale = await timers.until(requester.createSession(connection, {}, { csa_clientid: 99n }));
    expect([stale.status, stale.session, requester.createSequence]).toEqual([NFS4ERR_STALE_CLIENTID, null, 2]);
    const second = await timers.until(requester.createSession(connection));
    expect([second.session?.id.length, requester.createSequence]).toEqual([16, 3]);
  });

  test("binding, destroying, closing", async () => {
    const { timers, server, requester, session } = await world();
    const other = await timers.until(requester.connect());
    await timers.until(session.bind(other));
    expect(session.model.connections.connections("back")).toEqual([1, 2]);
    await timers.until(session.destroy());
    expect(server.sessions.size).toBe(0);
    await timers.until(requester.destroyClientId(other));
    requester.close();
    await timers.advance(100);
    expect([requester.connections.size, server.peers.length]).toEqual([0, 0]);
  });
});

describe("readReply", () => {
  test("hostile bytes give as much as can be read, and what is wrong", () => {
    const words = (...values: number[]) => {
      const bytes = new Uint8Array(values.length * 4);
      const view = new DataView(bytes.buffer);
      for (const [index, value] of values.entries()) view.setUint32(index * 4, value);
      return bytes;
    };
    expect(readReply(words())).toMatchObject({ status: -1, trouble: expect.stringContaining("need 4 bytes") });
    expect(readReply(words(0, 0, 0xffffffff)).trouble).toBe("4294967295 results");
    expect(readReply(words(0, 0, 1, 9999)).trouble).toBe("a result of operation 9999");
    expect(readReply(words(0, 0, 1, 24, 0, 5)).trouble).toBe("4 bytes behind the last result");
    const cut = readReply(words(0, 0, 2, 24, 0, 10));
    expect(cut.results.map(({ name }) => name)).toEqual(["PUTROOTFH"]);
    expect(cut.trouble).toContain("need 4 bytes");
  });
});
