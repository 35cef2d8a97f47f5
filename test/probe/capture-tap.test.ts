import { describe, expect, test } from "vitest";
import { allOk } from "../../src/probe/answers.ts";
import { CaptureTap, COMMENTS_MAX } from "../../src/probe/capture-tap.ts";
import type { TappedConnection } from "../../src/requester/wire-tap.ts";
import { analyzeBytes } from "../support/analyze-captures.ts";
import { concat } from "../support/capture-writer.ts";
import { documentOf } from "../support/json-document.ts";
import { memorySource } from "../support/memory-source.ts";
import { probeWorld, testProbe } from "../support/probe-fixture.ts";
import { readCapture } from "../support/read-capture.ts";
import { fakeWorld } from "../support/requester-fixture.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const START = 1_700_000_000_000_000_000n;

function tapped() {
  const pieces: Uint8Array[] = [];
  const tap = new CaptureTap({ write: (bytes) => void pieces.push(bytes) }, "slotshark test", "a test");
  return { tap, bytes: () => concat(pieces) };
}

function connection(number: number, local = "10.0.0.1:700", remote = "10.0.0.2:2049"): TappedConnection {
  return { number, localAddress: local, remoteAddress: remote };
}

const framesOf = async (bytes: Uint8Array) => (await readCapture(memorySource(bytes))).frames;

/** A requester that makes a session, uses it on two connections and gives it back. */
async function sessionStory(latencyMillis = 1): Promise<Uint8Array> {
  const { tap, bytes } = tapped();
  const { timers, requester, raw } = fakeWorld({ latencyMillis: () => latencyMillis }, { tap });
  const { session } = await raw();
  tap.comment("the first request of slot 2");
  await timers.until(session.send({ slot: 2, seq: 1, cachethis: true }).outcome);
  await timers.until(session.send({ slot: 2, seq: 2 }).outcome);
  const second = await timers.until(requester.connect());
  await timers.until(session.bind(second));
  await timers.until(session.send({ slot: 0, seq: 1, connection: second }).outcome);
  second.reset();
  await timers.until(session.destroy());
  session.connection.close();
  await timers.until(session.connection.lost);
  return bytes();
}

describe("a requester's traffic opens in analyze", () => {
  test.each([
    ["over a link that takes its time", 1],
    ["when all happens at once", 0],
  ])("%s", async (_, latencyMillis) => {
    const { clients, sessions, findings, coverage } = documentOf(
      await analyzeBytes([await sessionStory(latencyMillis)]),
    );
    expect(clients).toHaveLength(1);
    // SYN, SYN-ACK, ACK, and EXCHANGE_ID before it.
    expect(sessions).toMatchObject([{ inferred: false, created: { frame: 7 }, ended: { by: "destroyed" } }]);
    expect(sessions[0].connections).toHaveLength(2);
    expect(findings).toEqual([]);
    expect(coverage).toMatchObject({ gaps: 0 });
  });
});

test("comments stand at the packet that follows them", async () => {
  const text = Buffer.from(await sessionStory()).toString("latin1");
  expect(text.split("the first request of slot 2")).toHaveLength(2);
});

test("times are those that the requester told", async () => {
  const { tap, bytes } = tapped();
  const one = connection(1);
  tap.opened(one, START);
  tap.sent(one, Buffer.from("call"), START + 5n);
  tap.received(one, Buffer.from("reply"), START + 1_500_000_007n);
  tap.closed(one, "end", START + 2_000_000_000n);
  const frames = await framesOf(bytes());
  const nanos = frames.map((frame) => BigInt(frame.seconds) * 1_000_000_000n + BigInt(frame.nanos) - START);
  expect(nanos).toEqual([0n, 0n, 0n, 5n, 1_500_000_007n, 2_000_000_000n, 2_000_000_000n, 2_000_000_000n]);
});

test("what is told of a connection that is over, or was never opened, is nothing", async () => {
  const { tap, bytes } = tapped();
  const one = connection(1);
  tap.sent(one, Buffer.from("early"), START);
  tap.opened(one, START);
  tap.closed(one, "reset", START);
  tap.received(one, Buffer.from("late"), START);
  tap.closed(one, "lost", START);
  expect(await framesOf(bytes())).toHaveLength(4);
});

test("a connection without addresses is written with those for examples", async () => {
  const { tap, bytes } = tapped();
  tap.opened(connection(1, ":0", "[fd09::2]:2049"), START);
  const [syn] = await framesOf(bytes());
  expect([...syn!.bytes.subarray(12, 20)]).toEqual([192, 0, 2, 1, 192, 0, 2, 2]);
  expect([syn!.bytes[22]! * 256 + syn!.bytes[23]!]).toEqual([2049]);
});

test("comments that wait are bounded; the newest are kept", async () => {
  const { tap, bytes } = tapped();
  for (let i = 0; i < COMMENTS_MAX + 3; i++) tap.comment(`comment ${i}.`);
  expect(tap.commentsOmitted).toBe(3);
  tap.opened(connection(1), START);
  const text = Buffer.from(bytes()).toString("latin1");
  expect(text).not.toContain("comment 2.");
  expect(text).toContain("comment 3.");
  expect(text).toContain(`comment ${COMMENTS_MAX + 2}.`);
});

const tshark = toolOrSkip("tshark");

test.skipIf(tshark.skip)(`tshark reads the requests and the comment (${tshark.reason})`, async () => {
  const calls = ["-d", "tcp.port==2049,rpc", "-Y", "rpc.msgtyp == 0"];
  expect(tsharkFields(await sessionStory(), ["nfs.opcode", "nfs.slotid", "frame.comment"], calls)).toEqual([
    ["42", "", ""],
    ["43", "", ""],
    ["53", "2", "the first request of slot 2"],
    ["53", "2", ""],
    ["41", "", ""],
    ["53", "0", ""],
    ["44", "", ""],
  ]);
});

test("comments cannot move the cursor of whoever reads them", async () => {
  const { tap, bytes } = tapped();
  tap.comment("\u001b[2J");
  tap.opened(connection(1), START);
  expect(Buffer.from(bytes()).includes("\\x1b[2J")).toBe(true);
});

test("the capture of a run says which packets are whose, and shows each session from its creation", async () => {
  const { tap, bytes } = tapped();
  const world = probeWorld({ tap, remark: (text) => tap.comment(text) });
  const probe = (id: string) =>
    testProbe(async (bench) => void bench.expect(await (await bench.session()).sequence(1, 0), allOk), { id });
  for (const id of ["one", "two"]) await world.run(probe(id));
  const text = Buffer.from(bytes()).toString("latin1");
  const places = ["one: a test", "one: pass", "two: a test", "two: pass"].map((comment) => text.indexOf(comment));
  expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
  const { sessions } = documentOf(await analyzeBytes([bytes()]));
  expect(sessions.map(({ inferred }: { inferred: boolean }) => inferred)).toEqual([false, false]);
});
