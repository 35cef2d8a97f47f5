import { describe, expect, test } from "vitest";
import { READ4res } from "../../src/nfs4/ops/io.ts";
import {
  createDirectory,
  getAttr,
  illegal,
  lookup,
  openCreate,
  putRootFh,
  raw,
  read,
  remove,
  write,
} from "../../src/probe/operations.ts";
import { FORE_WISHES } from "../../src/requester/channel-wishes.ts";
import { resultOf, sequenceOf } from "../../src/requester/compound-reply.ts";
import { RECORD_MARK_BYTES } from "../../src/rpc/write.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";
import { userCredential } from "../support/requester-fixture.ts";

/** Of the callback program only. */
const NO_OPERATION = 2;
const OP_SETCLIENTID = 35;

const makeDirectory = (name: string) => [putRootFh(), createDirectory(name)];
const MADE = "SEQUENCE OK, PUTROOTFH OK, CREATE OK";

async function client(wishes = {}, server = {}): Promise<HandClient> {
  return HandClient.open(new EmbeddedWorld({ server }), { wishes });
}

/** The slot is where it was: the next request on it is served. */
async function expectUnmoved(hand: HandClient, slot: number, seq: number): Promise<void> {
  expect(await hand.line([], { slot, seq })).toBe("SEQUENCE OK");
}

describe("retries", () => {
  test("a kept reply is sent again, whatever the xid and the connection; nothing is executed twice", async () => {
    const hand = await client();
    const first = await hand.run(makeDirectory("a"), { slot: 3, seq: 1 });
    const connection = await hand.connect();
    for (const request of [
      { slot: 3, seq: 1 },
      { slot: 3, seq: 1, connection },
      { slot: 3, seq: 1, tag: "other" },
    ]) {
      expect(await hand.run(makeDirectory("a"), request)).toEqual(first);
    }
    await expectUnmoved(hand, 3, 2);
    expect(hand.world.server.fileSystem.root.directory.size).toBe(1);
  });

  test("a kept error too", async () => {
    const hand = await client();
    const lost = [putRootFh(), lookup("nowhere")];
    for (let turn = 0; turn < 2; turn++) {
      expect(await hand.line(lost, { slot: 1, seq: 1 })).toBe("SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_NOENT");
      await hand.line(makeDirectory("nowhere"), { slot: 2, seq: turn + 1 });
    }
  });

  test("without sa_cachethis only SEQUENCE is answered again", async () => {
    const hand = await client();
    const request = { slot: 1, seq: 1, cachethis: false };
    expect(await hand.line(makeDirectory("a"), request)).toBe(MADE);
    expect(await hand.line(makeDirectory("a"), request)).toBe("SEQUENCE OK, PUTROOTFH NFS4ERR_RETRY_UNCACHED_REP");
    expect(await hand.line([], { ...request, seq: 2 })).toBe("SEQUENCE OK");
    expect(await hand.line([], { ...request, seq: 2 })).toBe("SEQUENCE OK");
  });

  test.each([
    ["ILLEGAL", illegal(), "ILLEGAL NFS4ERR_OP_ILLEGAL"],
    ["a number of no operation", raw(NO_OPERATION), "ILLEGAL NFS4ERR_OP_ILLEGAL"],
    ["an operation of 4.0", raw(OP_SETCLIENTID, new Uint8Array(64)), "SETCLIENTID NFS4ERR_NOTSUPP"],
  ])("a retry of %s keeps the status that says so", async (_what, operation, result) => {
    const hand = await client();
    const request = { slot: 1, seq: 1, cachethis: false };
    for (let turn = 0; turn < 2; turn++) expect(await hand.line([operation], request)).toBe(`SEQUENCE OK, ${result}`);
  });

  test("other arguments, operations, cachethis or another user make it a false retry", async () => {
    const hand = await client();
    await hand.run(makeDirectory("a"), { slot: 1, seq: 1 });
    const falseRetry = "SEQUENCE NFS4ERR_SEQ_FALSE_RETRY";
    expect(await hand.line(makeDirectory("b"), { slot: 1, seq: 1 })).toBe(falseRetry);
    expect(await hand.line([putRootFh()], { slot: 1, seq: 1 })).toBe(falseRetry);
    expect(await hand.line(makeDirectory("a"), { slot: 1, seq: 1, cachethis: false })).toBe(falseRetry);
    expect(await hand.line(makeDirectory("a"), { slot: 1, seq: 1, cred: userCredential(7) })).toBe(falseRetry);
    expect(await hand.line(makeDirectory("a"), { slot: 1, seq: 1 })).toBe(MADE);
    await expectUnmoved(hand, 1, 2);
  });

  test("sa_highest_slotid does not count", async () => {
    const hand = await client();
    await hand.run(makeDirectory("a"), { slot: 1, seq: 1, highest: 1 });
    expect(await hand.line(makeDirectory("a"), { slot: 1, seq: 1, highest: 9 })).toBe(MADE);
  });
});

describe("sequence ids", () => {
  test.each([
    ["0 on a fresh slot", 0],
    ["2 on a fresh slot", 2],
    ["the largest on a fresh slot", 0xffff_ffff],
  ])("%s is misordered and moves nothing", async (_what, seq) => {
    const hand = await client();
    expect(await hand.line([putRootFh()], { slot: 5, seq })).toBe("SEQUENCE NFS4ERR_SEQ_MISORDERED");
    await expectUnmoved(hand, 5, 1);
  });

  test("slots beyond the table do not exist, whatever their number", async () => {
    const hand = await client({}, { slots: 8 });
    expect(hand.session.granted.maxRequests).toBe(8);
    for (const slot of [8, 2048, 0x7fff_ffff, 0xffff_ffff]) {
      expect(await hand.line([], { slot, seq: 1 })).toBe("SEQUENCE NFS4ERR_BADSLOT");
    }
    await expectUnmoved(hand, 7, 1);
  });

  test("after the largest comes 0", async () => {
    const hand = await client();
    const fore = [...hand.world.server.registry.sessions()][0]!.model.fore;
    const request = { fingerprint: 0, principal: "", cachethis: false, highest: 0 };
    fore.restoreSlot(2, 0xffff_fffe, request, { kind: "uncached" });
    for (const seq of [0xffff_ffff, 0, 1]) await expectUnmoved(hand, 2, seq);
  });
});

describe("a request that still runs", () => {
  /** Somebody else's delegation, which is not given back: an OPEN for writing waits for it. */
  async function slow(): Promise<{ hand: HandClient; work: () => ReturnType<typeof makeDirectory> }> {
    const world = new EmbeddedWorld({ server: { recallWaitMillis: 500 } });
    await heldDelegation(world);
    const hand = await HandClient.open(world);
    return { hand, work: () => [putRootFh(), openCreate("file", { access: 2, owner: "writer" })] };
  }

  test("is put off on any connection, and its slot takes nothing else meanwhile", async () => {
    const { hand, work } = await slow();
    const { timers } = hand.world;
    const running = hand.start(work(), { slot: 1, seq: 1 });
    const other = await hand.connect();
    await timers.advance(100);
    expect(await hand.line(work(), { slot: 1, seq: 1 })).toBe("SEQUENCE NFS4ERR_DELAY");
    expect(await hand.line(work(), { slot: 1, seq: 1, connection: other })).toBe("SEQUENCE NFS4ERR_DELAY");
    expect(await hand.line([], { slot: 1, seq: 2 })).toBe("SEQUENCE NFS4ERR_SEQ_MISORDERED");
    // Other slots go on.
    await expectUnmoved(hand, 2, 1);
    const outcome = outcomeLine(await timers.until(running));
    expect(outcome).toBe("SEQUENCE OK, PUTROOTFH OK, OPEN NFS4ERR_DELAY");
    expect(await hand.line(work(), { slot: 1, seq: 1, connection: other })).toBe(outcome);
  });

  test("is answered to its retry when its own connection is gone", async () => {
    const { hand, work } = await slow();
    const { timers, server } = hand.world;
    const other = await hand.connect();
    const first = await hand.connect();
    const running = hand.start(work(), { slot: 1, seq: 1, connection: first });
    await timers.advance(100);
    first.reset();
    expect(outcomeLine(await timers.until(running))).toMatch(/^connection lost/);
    await timers.advance(1000);
    expect(await hand.line(work(), { slot: 1, seq: 1, connection: other })).toBe(
      "SEQUENCE OK, PUTROOTFH OK, OPEN NFS4ERR_DELAY",
    );
    expect(server.counters.requests).toBeGreaterThan(0);
  });
});

describe("limits", () => {
  const fore = (changes: Partial<typeof FORE_WISHES>) => ({ fore: { ...FORE_WISHES, ...changes } });

  test("more operations than granted: TOO_MANY_OPS", async () => {
    const hand = await client(fore({ maxOperations: 4 }));
    const five = [putRootFh(), putRootFh(), putRootFh(), putRootFh()];
    expect(await hand.line(five, { slot: 1, seq: 1 })).toBe("SEQUENCE NFS4ERR_TOO_MANY_OPS");
    expect(await hand.line(five.slice(1), { slot: 1, seq: 1 })).toBe(
      "SEQUENCE OK, PUTROOTFH OK, PUTROOTFH OK, PUTROOTFH OK",
    );
  });

  test("a request of just the granted length passes, a byte more is REQ_TOO_BIG", async () => {
    const hand = await client(fore({ maxRequestSize: 1024 }));
    const empty = hand.session.record({ slot: 1, seq: 1, operations: [putRootFh(), lookup("")] });
    const room = 1024 - (empty.length - RECORD_MARK_BYTES);
    const long = (bytes: number) => [putRootFh(), lookup("x".repeat(bytes))];
    expect(await hand.line(long(room + 4), { slot: 1, seq: 1 })).toBe("SEQUENCE NFS4ERR_REQ_TOO_BIG");
    expect(await hand.line(long(room), { slot: 1, seq: 1 })).toMatch(/^SEQUENCE OK, PUTROOTFH OK, LOOKUP NFS4ERR_/);
  });

  test.each([
    ["REP_TOO_BIG", { maxResponseSize: 600, maxResponseSizeCached: 600 }, false],
    ["REP_TOO_BIG_TO_CACHE", { maxResponseSizeCached: 600 }, true],
  ])(
    "%s comes on the operation whose result is too long; what came before is done, and told to a retry",
    async (error, sizes, cachethis) => {
      const hand = await client(fore(sizes));
      for (let n = 0; n < 12; n++) await hand.run(makeDirectory(`directory number ${n}`));
      const request = { slot: 1, seq: 1, cachethis };
      const operations = [
        putRootFh(),
        createDirectory("made"),
        putRootFh(),
        getAttr("supported_attrs"),
        ...longListing(),
      ];
      const reply = await hand.run(operations, request);
      const names = reply.results.map(({ name }) => name);
      expect(names.slice(0, 5)).toEqual(["SEQUENCE", "PUTROOTFH", "CREATE", "PUTROOTFH", "GETATTR"]);
      expect(reply.bytes.length).toBeLessThanOrEqual(600);
      expect(outcomeLine({ kind: "reply", reply })).toMatch(new RegExp(`NFS4ERR_${error}$`));
      const again = await hand.line(operations, request);
      if (cachethis) expect(again).toBe(outcomeLine({ kind: "reply", reply }));
      else expect(again).toBe("SEQUENCE OK, PUTROOTFH NFS4ERR_RETRY_UNCACHED_REP");
      expect(hand.world.server.fileSystem.root.directory.size).toBe(13);
      await expectUnmoved(hand, 1, 2);
    },
  );

  test("a reply that could not even say that it failed: SEQUENCE itself is refused, and nothing moves", async () => {
    const hand = await client(fore({ maxResponseSizeCached: 64 }));
    const request = { slot: 1, seq: 1 };
    expect(await hand.line(makeDirectory("a"), request)).toBe("SEQUENCE NFS4ERR_REP_TOO_BIG_TO_CACHE");
    expect(await hand.line(makeDirectory("a"), { ...request, cachethis: false })).toBe(MADE);
  });

  test("nothing that changes something is done when its result might not fit", async () => {
    const hand = await client(fore({ maxResponseSize: 512, maxResponseSizeCached: 512 }));
    for (let count = 1; count < 14; count++) {
      const fill = Array.from({ length: count }, () => getAttr("supported_attrs"));
      const reply = await hand.run([putRootFh(), ...fill, createDirectory(`after ${count}`)]);
      const isDone = reply.results.some(({ name, status }) => name === "CREATE" && status === 0);
      const { directory } = hand.world.server.fileSystem.root;
      expect(directory.get(`after ${count}`) !== undefined, `after ${count}`).toBe(isDone);
      expect(reply.bytes.length).toBeLessThanOrEqual(512);
    }
  });

  function longListing() {
    return [
      putRootFh(),
      ...Array.from({ length: 8 }, () => getAttr("supported_attrs", "fsid", "owner", "owner_group")),
    ];
  }
});

test("READ is cut short where the whole would not fit into the reply", async () => {
  const hand = await client({ fore: { ...FORE_WISHES, maxResponseSize: 1024 } });
  await hand.run([putRootFh(), openCreate("file"), write(new Uint8Array(4000).fill(7))]);
  const reply = await hand.run([putRootFh(), lookup("file"), read(4000)], { cachethis: false });
  const { resok4 } = resultOf(reply, READ4res)!;
  expect(resok4!.eof).toBe(false);
  expect(resok4!.data.length).toBeGreaterThan(700);
  expect(reply.bytes.length + 24).toBeLessThanOrEqual(1024);
});

test("a client that is refused once is served as before: after each error the next request of the slot passes", async () => {
  const hand = await client({}, { slots: 4 });
  const errors = [
    { slot: 1, seq: 5 },
    { slot: 9, seq: 1 },
    { slot: 1, seq: 1, sessionId: new Uint8Array(16) },
    { slot: 1, seq: 1, minorVersion: 2 },
  ];
  for (const [index, request] of errors.entries()) {
    expect(await hand.line([remove("nothing")], request)).toMatch(/^SEQUENCE NFS4ERR_/);
    await expectUnmoved(hand, 1, index + 1);
  }
  expect(sequenceOf(await hand.run([]))!.resok!.sr_highest_slotid).toBe(3);
});
