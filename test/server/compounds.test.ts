import { describe, expect, test, vi } from "vitest";
import { createDirectory, getAttr, getFh, lookup, putRootFh, raw, remove, zeroed } from "../../src/probe/operations.ts";
import { readReply, replyText } from "../../src/requester/compound-reply.ts";
import type { RpcConnection } from "../../src/requester/rpc-connection.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { NFS_PROGRAM } from "../../src/rpc/programs.ts";
import { RECORD_MARK_BYTES } from "../../src/rpc/write.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";

const OP_ALLOCATE = 59;
const OP_GETXATTR = 72;
const OP_OFFLOAD_STATUS = 67;
const OP_LAYOUTGET = 50;

/** Sends the arguments of COMPOUND as they are. */
async function sendArguments(world: EmbeddedWorld, connection: RpcConnection, body: Uint8Array): Promise<string> {
  const call = { program: NFS_PROGRAM, version: 4, procedure: 1, body, timeoutMillis: 5000 };
  const outcome = await world.timers.until(connection.call(call).outcome);
  if (outcome.kind !== "reply") return outcome.kind === "refused" ? outcome.text : outcome.kind;
  return replyText(readReply(outcome.record.subarray(outcome.bodyStart)));
}

/** COMPOUND4args of a record. */
function argumentsOf(record: Uint8Array): Uint8Array {
  const header = new RpcHeader();
  parseHeader(record, RECORD_MARK_BYTES, record.length, header);
  return record.slice(header.bodyStart);
}

describe("COMPOUND", () => {
  test.each(["", "a", "tag", "täg ☃", "x".repeat(5000)])("echoes the tag %j", async (tag) => {
    const hand = await HandClient.open(new EmbeddedWorld());
    expect((await hand.run([putRootFh()], { tag })).tag).toBe(tag);
    expect((await hand.run([lookup("a")], { tag })).tag).toBe(tag);
  });

  test("a tag that is no UTF-8 is invalid, and echoed as it is", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const body = argumentsOf(hand.session.record({ slot: 1, seq: 1, tag: "abcd" }));
    body.set([0xc3, 0x28, 0xff, 0xfe], 4);
    expect(await sendArguments(hand.world, hand.connection, body)).toBe("NFS4ERR_INVAL, no results");
    expect(await hand.line([], { slot: 1, seq: 1 })).toBe("SEQUENCE OK");
  });

  test.each([0, 3, 0xffff_ffff])("minor version %i is none that is served", async (minorVersion) => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const mismatch = "NFS4ERR_MINOR_VERS_MISMATCH, no results";
    expect(await hand.line([putRootFh()], { minorVersion, slot: 1, seq: 1 })).toBe(mismatch);
    expect(await hand.alone([], { minorVersion })).toBe(mismatch);
    expect(await hand.line([putRootFh()], { slot: 1, seq: 1 })).toBe("SEQUENCE OK, PUTROOTFH OK");
  });

  test("minor versions are served as told", async () => {
    const world = new EmbeddedWorld({ server: { minorVersions: [2] } });
    await expect(HandClient.open(world)).rejects.toThrow("NFS4ERR_MINOR_VERS_MISMATCH");
    const hand = await HandClient.open(world, { requester: { minorVersion: 2 } });
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("without operations it succeeds", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    expect(await hand.alone([])).toBe("OK, no results");
  });

  test("begins with SEQUENCE or with an operation that stands alone", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    expect(await hand.alone([putRootFh()])).toBe("PUTROOTFH NFS4ERR_OP_NOT_IN_SESSION");
    expect(await hand.alone([raw(4711)])).toBe("ILLEGAL NFS4ERR_OP_ILLEGAL");
    const { sequence } = hand.session;
    const twice = [sequence.call(hand.session, { slot: 1, seq: 2 })];
    expect(await hand.line([putRootFh(), ...twice])).toBe("SEQUENCE OK, PUTROOTFH OK, SEQUENCE NFS4ERR_SEQUENCE_POS");
  });

  test.each([
    ["that does not exist", 1, raw(4711), "ILLEGAL NFS4ERR_OP_ILLEGAL"],
    ["of 4.2 in 4.1", 1, zeroed(OP_ALLOCATE), "ILLEGAL NFS4ERR_OP_ILLEGAL"],
    ["of RFC 8276 in 4.1", 1, zeroed(OP_GETXATTR), "ILLEGAL NFS4ERR_OP_ILLEGAL"],
    ["that is optional and missing", 1, zeroed(OP_LAYOUTGET), "LAYOUTGET NFS4ERR_NOTSUPP"],
    ["that is optional and missing, of 4.2", 2, zeroed(OP_OFFLOAD_STATUS), "OFFLOAD_STATUS NFS4ERR_NOTSUPP"],
  ])("an operation %s ends it", async (_what, minorVersion, operation, result) => {
    const hand = await HandClient.open(new EmbeddedWorld(), { requester: { minorVersion } });
    expect(await hand.line([putRootFh(), operation, createDirectory("never")])).toBe(
      `SEQUENCE OK, PUTROOTFH OK, ${result}`,
    );
    expect(hand.world.server.fileSystem.root.directory.size).toBe(0);
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("cut off at any byte it is answered, and its slot is where the answer says", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const operations = [
      putRootFh(),
      createDirectory("made"),
      getFh(),
      putRootFh(),
      remove("made"),
      getAttr("size", "owner"),
    ];
    const whole = argumentsOf(hand.session.record({ slot: 1, seq: 1, operations, cachethis: true }));
    let seq = 1;
    const answers = new Set<string>();
    for (let length = 0; length < whole.length; length++) {
      const body = argumentsOf(hand.session.record({ slot: 1, seq, operations, cachethis: true })).subarray(0, length);
      const answer = await sendArguments(hand.world, hand.connection, body);
      answers.add(answer.replace(/,.*, /, " … "));
      if (answer.startsWith("SEQUENCE OK")) seq++;
      expect(await hand.line([], { slot: 1, seq: seq++ }), `${length} bytes: ${answer}`).toBe("SEQUENCE OK");
      await hand.run([putRootFh(), remove("made")], { slot: 2, seq: length + 1 });
    }
    expect([...answers].sort()).toEqual([
      "GARBAGE_ARGS",
      "SEQUENCE NFS4ERR_BADXDR",
      "SEQUENCE OK … CREATE NFS4ERR_BADXDR",
      "SEQUENCE OK … GETATTR NFS4ERR_BADXDR",
      "SEQUENCE OK … REMOVE NFS4ERR_BADXDR",
    ]);
    expect(hand.world.log).toEqual([]);
  });
});

describe("a mistake of the server's own", () => {
  test("in a handler is SERVERFAULT, one line for the operator, and a slot that goes on", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    vi.spyOn(hand.world.server.fileSystem, "lookup").mockImplementation(() => {
      throw new TypeError("a slip");
    });
    expect(await hand.line([putRootFh(), lookup("a"), getFh()])).toBe(
      "SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_SERVERFAULT",
    );
    expect(hand.world.log).toHaveLength(1);
    expect(hand.world.log[0]).toMatch(/^internal error in LOOKUP: TypeError: a slip/);
    expect(await hand.line([putRootFh()])).toBe("SEQUENCE OK, PUTROOTFH OK");
  });

  test("in a result that cannot be encoded leaves no part of it in the reply", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    vi.spyOn(hand.world.server.fileSystem, "handleOf").mockReturnValue(null as never);
    const reply = await hand.run([putRootFh(), getFh(), putRootFh()]);
    expect(replyText(reply)).toBe("SEQUENCE OK, PUTROOTFH OK, GETFH NFS4ERR_SERVERFAULT");
    expect(hand.world.log).toHaveLength(1);
    expect(await hand.line([putRootFh()])).toBe("SEQUENCE OK, PUTROOTFH OK");
  });

  test.each(["throws", "cannot be encoded"])("in an operation that had to wait, which %s, too", async (what) => {
    const world = new EmbeddedWorld();
    const { giveBack } = await heldDelegation(world);
    const hand = await HandClient.open(world);
    const removal = vi.spyOn(world.server.fileSystem, "remove");
    if (what === "throws") {
      removal.mockImplementation(() => {
        throw new TypeError("a slip");
      });
    } else removal.mockReturnValue(null as never);
    const running = hand.start([putRootFh(), remove("file")], { slot: 1, seq: 1 });
    await world.timers.advance(100);
    await giveBack();
    expect(outcomeLine(await world.timers.until(running))).toBe(
      "SEQUENCE OK, PUTROOTFH OK, REMOVE NFS4ERR_SERVERFAULT",
    );
    expect(world.log).toHaveLength(1);
    expect(await hand.line([], { slot: 1, seq: 2 })).toBe("SEQUENCE OK");
  });
});
