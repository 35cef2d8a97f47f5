import { describe, expect, test } from "vitest";
import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_NOENT, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import {
  allOk,
  answer,
  anyErrorFrom,
  anyReply,
  connectionLost,
  firstStatus,
  lastStatus,
  operationStatus,
  rpcRefusal,
  sameReplyAs,
  sequenceOk,
  wholeStatus,
} from "../../src/probe/answers.ts";
import { close, getFh, lookup, openCreate, putFh, putRootFh } from "../../src/probe/operations.ts";
import type { ProbeResult } from "../../src/probe/result.ts";
import { runProbes } from "../../src/probe/run-probes.ts";
import { GARBAGE_ARGS } from "../../src/rpc/constants.ts";
import { probeWorld, testProbe } from "../support/probe-fixture.ts";

const STATEID = { seqid: 1, other: new Uint8Array(12).fill(9) };
const HANDLE = Uint8Array.of(1, 2, 3, 4);

/** What operations with more than a status give. */
function results(name: string): unknown {
  const info = { atomic: true, before: 0n, after: 1n };
  switch (name) {
    case "OPEN": {
      const resok4 = { stateid: STATEID, cinfo: info, rflags: 0, attrset: [], delegation: { delegation_type: 0 } };
      return { status: NFS4_OK, resok4 };
    }
    case "GETFH":
      return { status: NFS4_OK, resok4: { object: HANDLE } };
    case "CREATE":
      return { status: NFS4_OK, resok4: { cinfo: info, attrset: [] } };
    case "SETATTR":
      return { status: NFS4_OK, attrsset: [] };
    case "REMOVE":
      return { status: NFS4_OK, resok4: { cinfo: info } };
    case "CLOSE":
      return { status: NFS4_OK, open_stateid: STATEID };
    case "READDIR":
      return { status: NFS4_OK, resok4: { cookieverf: new Uint8Array(8), reply: { entries: [], eof: true } } };
    default:
      return undefined;
  }
}

const told = ({ steps }: ProbeResult) =>
  steps.map((step) => {
    if (step.kind === "exchange") return `${step.connection}: ${step.sent} -> ${step.answered}`;
    return step.kind === "check" ? `${step.verdict}: ${step.required}` : step.text;
  });

describe("runProbe", () => {
  test("writes down what was sent, answered and required", async () => {
    const { server, run } = probeWorld();
    server.onOperation = (name) => (name === "LOOKUP" ? NFS4ERR_NOENT : NFS4_OK);
    const result = await run(
      testProbe(async (bench) => {
        const session = await bench.session();
        const exchange = await session.sequence(1, 3, { cachethis: true }, putRootFh(), lookup("a\n"));
        bench.expect(exchange, allOk, operationStatus(2, NFS4ERR_NOENT));
        await bench.expectNext(session, 3, 2);
      }),
    );
    expect(result).toMatchObject({ verdict: "pass-alternative", elapsedMillis: 0 });
    expect(result.reason).toContain("LOOKUP NFS4ERR_NOENT; usual: all operations OK");
    expect(told(result).slice(2)).toEqual([
      'c1: SEQUENCE seq 1 slot 3 highest 3 cachethis, PUTROOTFH, LOOKUP objname "a\n" -> SEQUENCE OK seq 1 slot 3 highest 7 target 7, PUTROOTFH OK, LOOKUP NFS4ERR_NOENT',
      "pass-alternative: all operations OK (permitted: NFS4ERR_NOENT on operation 2)",
      "c1: SEQUENCE seq 2 slot 3 highest 3 -> SEQUENCE OK seq 2 slot 3 highest 7 target 7",
      "pass: sequence id 2 of slot 3 succeeds: the slot stands where it should",
    ]);
  });

  test("the worst check decides, and a probe that goes on is heard to its end", async () => {
    const { run } = probeWorld();
    const result = await run(
      testProbe(async (bench) => {
        const session = await bench.session();
        expect(bench.expect(await session.sequence(2, 0), allOk)).toBe("deviates");
        expect(bench.check(true, "the sky is blue", "it is")).toBe("pass");
        bench.judge("pass-alternative", "one", "another");
      }),
    );
    expect(result.verdict).toBe("deviates");
    expect(result.reason).toBe("SEQUENCE NFS4ERR_SEQ_MISORDERED; required: all operations OK");
  });

  test("stopping says why; what was found before still counts", async () => {
    const { run } = probeWorld();
    const skipped = await run(testProbe(async (bench) => bench.skip("no such thing")));
    expect(skipped).toMatchObject({ verdict: "skipped", reason: "no such thing" });
    const undecided = await run(testProbe(async (bench) => bench.inconclusive("too slow")));
    expect(undecided).toMatchObject({ verdict: "inconclusive", reason: "too slow" });
    const found = await run(
      testProbe(async (bench) => {
        bench.check(false, "a", "b");
        bench.inconclusive("and then it rained");
      }),
    );
    expect(found).toMatchObject({ verdict: "deviates", reason: "b; required: a" });
    const nothing = await run(testProbe(async () => {}));
    expect(nothing).toMatchObject({ verdict: "inconclusive", reason: "nothing was checked" });
    const broken = await run(testProbe(() => Promise.reject(new TypeError("oops"))));
    expect(broken).toMatchObject({ verdict: "inconclusive", reason: "the probe itself failed: TypeError: oops" });
  });

  test("a probe has its time, and no more", async () => {
    const { timers, server, run } = probeWorld({ probeMillisMax: 5000, callMillisMax: 60_000 });
    server.onSequence = () => "silent";
    const result = await run(
      testProbe(async (bench) => {
        const session = await bench.session();
        bench.expect(await session.sequence(1, 0), allOk);
      }),
    );
    expect(result).toMatchObject({ verdict: "inconclusive", reason: "not over after 5000 ms", elapsedMillis: 5000 });
    await timers.advance(1000);
    expect(server.sessions.size).toBe(0);
  });

  test("no answer is an answer; a server that is gone decides nothing", async () => {
    const slow = probeWorld({ callMillisMax: 1000 });
    slow.server.onSequence = () => "silent";
    const probe = testProbe(async (bench) => {
      const session = await bench.session();
      bench.expect(await session.sequence(1, 0), allOk);
    });
    expect(await slow.run(probe)).toMatchObject({
      verdict: "deviates",
      reason: "no reply in time; required: all operations OK",
    });
    const gone = probeWorld();
    gone.network.isDown = true;
    expect(await gone.run(probe)).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
    const dying = probeWorld();
    dying.server.onSequence = () => {
      dying.network.isDown = true;
      for (const link of dying.network.links) link.cut();
      return "silent";
    };
    expect(await dying.run(probe)).toMatchObject({ verdict: "inconclusive", reason: expect.stringContaining("lost") });
    const hasty = probeWorld();
    hasty.server.onSequence = () => {
      for (const link of hasty.network.links) link.cut("slam");
      return "silent";
    };
    expect(await hasty.run(probe)).toMatchObject({ verdict: "deviates", reason: expect.stringContaining("slam") });
  });

  test("what was made is given back", async () => {
    const { timers, server, run } = probeWorld({ exportPath: ["data"] });
    server.onResult = results;
    const result = await run(
      testProbe(async (bench) => {
        const { client, session } = await bench.clientWithSession();
        await client.connect();
        const scratch = await bench.scratch();
        expect(await bench.scratch()).toBe(scratch);
        const opened = await session.sequence(1, 0, {}, putFh(scratch.fileHandle), openCreate("f"), getFh());
        bench.expect(opened, allOk);
        const again = await session.sequence(2, 0, {}, putFh(scratch.fileHandle), openCreate("g"), getFh());
        bench.expect(again, allOk);
        expect(client.clientId).toBeGreaterThan(0n);
      }),
    );
    expect(result).toMatchObject({ verdict: "pass", reason: "" });
    expect(server.executed).toEqual(["data", "data"]);
    expect(server.seen.filter((name) => name === "CLOSE")).toHaveLength(1);
    expect(server.seen.filter((name) => name === "REMOVE")).toHaveLength(1);
    expect(server.seen.filter((name) => name === "DESTROY_CLIENTID")).toHaveLength(2);
    await timers.advance(100);
    expect([server.sessions.size, server.peers.length]).toEqual([0, 0]);
  });

  test("what was closed is not closed again, what cannot be closed is told", async () => {
    const { server, run } = probeWorld();
    server.onResult = results;
    const result = await run(
      testProbe(async (bench) => {
        const session = await bench.stateSession();
        bench.expect(await session.sequence(1, 0, {}, putRootFh(), openCreate("f"), getFh()), allOk);
        bench.expect(await session.sequence(2, 0, {}, putFh(HANDLE), close(STATEID)), allOk);
        bench.expect(await session.sequence(3, 0, {}, putRootFh(), openCreate("f")), allOk);
      }),
    );
    expect(server.seen.filter((name) => name === "CLOSE")).toHaveLength(1);
    expect(told(result).at(-1)).toBe("1 opens without GETFH are left open");
  });

  test("no two runs have one client owner, and no probe writes where it must not", async () => {
    const { server, run } = probeWorld();
    const wants = testProbe(async (bench) => void (await bench.scratch()), { writes: true });
    expect(await run(wants)).toMatchObject({ verdict: "skipped", reason: "there is no export to write to" });
    expect(server.seen).toEqual([]);
    const tokens = new Set<string>();
    const looks = testProbe(async (bench) => {
      tokens.add(Buffer.from(bench.client().requester.owner.ownerId).toString());
      tokens.add(Buffer.from(bench.client().requester.owner.ownerId).toString());
      bench.judge("pass", "", "");
    });
    await run(looks);
    await run(looks);
    expect(tokens.size).toBe(4);
  });
});

test("runProbes goes on after failures, until the run's time is over", async () => {
  const { timers, settings } = probeWorld({ runMillisMax: 1000 });
  const slow = testProbe(async (bench) => {
    await bench.pause(600);
    bench.check(false, "speed", "none");
  });
  const found: string[] = [];
  const all = async () => {
    for await (const { verdict } of runProbes([slow, slow, slow], settings)) found.push(verdict);
  };
  await timers.until(all());
  expect(found).toEqual(["deviates", "deviates", "skipped"]);
});

describe("answers", () => {
  test("fit what they say", async () => {
    const { server, run } = probeWorld({ callMillisMax: 100 });
    await run(
      testProbe(async (bench) => {
        const session = await bench.session();
        const good = await session.sequence(1, 0, { cachethis: true });
        const retried = await session.sequence(1, 0, { cachethis: true });
        const bad = await session.sequence(7, 0);
        const empty = await session.alone({});
        server.onOperation = () => NFS4ERR_DELAY;
        const later = await session.sequence(2, 0, {}, putRootFh());
        server.onSequence = () => "silent";
        const none = await session.sequence(3, 0);
        const fits = (wanted: typeof allOk) => [good, bad, empty, later, none].map((each) => wanted.fits(each));
        expect(fits(allOk)).toEqual([true, false, true, false, false]);
        expect(fits(sequenceOk)).toEqual([true, false, false, true, false]);
        expect(fits(firstStatus(NFS4ERR_SEQ_MISORDERED))).toEqual([false, true, false, false, false]);
        expect(fits(operationStatus(1, NFS4ERR_DELAY))).toEqual([false, false, false, true, false]);
        expect(fits(lastStatus(NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED))).toEqual([false, true, false, true, false]);
        expect(fits(wholeStatus(NFS4_OK))).toEqual([false, false, true, false, false]);
        expect(fits(anyErrorFrom(1))).toEqual([false, false, false, true, false]);
        expect(fits(anyReply)).toEqual([true, true, true, true, false]);
        expect(fits(connectionLost)).toEqual([false, false, false, false, false]);
        expect(fits(rpcRefusal(GARBAGE_ARGS))).toEqual([false, false, false, false, false]);
        expect(fits(answer("no xid", ({ xid }) => xid === 0))).toEqual([false, false, false, false, false]);
        expect([sameReplyAs(good).fits(retried), sameReplyAs(good).fits(bad)]).toEqual([true, false]);
        bench.judge("pass", "", "");
      }),
    ).then(({ reason }) => expect(reason).toBe(""));
  });
});
