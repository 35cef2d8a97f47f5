import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnalysisStream } from "../../src/analysis/analysis-stream.ts";
import { TimeBase } from "../../src/analysis/time-base.ts";
import { ExchangeLines } from "../../src/report/exchange-lines.ts";
import { LineChunks } from "../../src/report/line-chunks.ts";
import { Call, type ObservedVerdict, Reply } from "../../src/session/call.ts";
import type { ExchangeSink } from "../../src/session/exchange-sink.ts";
import { ObservedConnection } from "../../src/session/observed-connection.ts";
import { OperationLists } from "../../src/session/operation-list.ts";
import { safeJson } from "../../src/text/safe-json.ts";
import { analyzeBytes } from "../support/analyze-captures.ts";
import { captureFiles, FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { exchangeObject } from "../support/exchange-object.ts";
import { streamStory } from "../support/stream-lines.ts";

/** Has lines written, and beside each tells what it should say. */
class Compared implements ExchangeSink {
  readonly expected: unknown[] = [];
  readonly #chunks = new LineChunks(async (bytes) => {
    this.#text += new TextDecoder().decode(bytes);
  });
  readonly #lines: ExchangeLines;
  readonly #base: TimeBase;
  #text = "";

  constructor(base: TimeBase) {
    this.#base = base;
    this.#lines = new ExchangeLines(this.#chunks, base);
  }

  answered(call: Call, statuses: ArrayLike<number>): void {
    this.expected.push(exchangeObject(call, statuses, this.#base));
    this.#lines.answered(call, statuses);
  }

  abandoned(call: Call): void {
    this.expected.push(exchangeObject(call, [], this.#base));
    this.#lines.abandoned(call);
  }

  /** To the letter: of the objects, safeJson would have made the same. */
  async check(): Promise<void> {
    await this.#chunks.flush();
    expect(this.#text).toBe(this.expected.map((object) => `${safeJson(object)}\n`).join(""));
  }
}

const paths = captureFiles(FIXTURE_CAPTURES);

test.each(paths.map((path) => basename(path)))("%s: each line is what its exchange says", async (name) => {
  let compared: Compared | null = null;
  const stream: AnalysisStream = {
    handlers: {},
    get exchanges() {
      return compared;
    },
    begin: (_, base) => {
      compared = new Compared(base);
    },
    occurrence: () => {},
    flush: async () => {},
  };
  await analyzeBytes([readFileSync(join(FIXTURE_CAPTURES, name))], { stream });
  await compared!.check();
});

describe("what becomes of a call", () => {
  const exchanges = async (...story: Parameters<typeof streamStory>) =>
    (await streamStory(story[0], true)).filter(({ type, slot }) => type === "exchange" && slot !== null);

  test("answered", async () => {
    const [line] = await exchanges((wire) => wire.session().slot(0).exchange(1));
    expect(line).toMatchObject({
      slot: 0,
      seq: 1,
      verdict: "new",
      status: "NFS4_OK",
      latencyMicros: 100,
      retryOf: null,
    });
    expect(line.frames).toHaveLength(2);
    expect(line.statuses).toHaveLength(line.operations.length);
  });

  test("never answered: the call alone, at the end", async () => {
    const [line] = await exchanges((wire) => void wire.session().slot(0).send(1));
    expect(line).toMatchObject({ seq: 1, latencyMicros: null, statuses: null, status: null, rpcError: null });
    expect([line.frames.length, line.frameCaptures]).toEqual([1, [0]]);
  });

  test("sent again: told by which call it repeats", async () => {
    const [first, second] = await exchanges((wire) => {
      const slot = wire.session().slot(0);
      slot.exchange(1);
      slot.send(1).ok();
    });
    expect(second).toMatchObject({
      verdict: "retry",
      retryOf: { capture: 0, frame: first.frames[0], time: first.time },
    });
  });

  test("refused by its first or its last operation", async () => {
    const lines = await exchanges((wire) => {
      const slot = wire.session().slot(0);
      slot.exchange(1);
      slot.send(9).fail(10063);
    });
    expect(lines[1]).toMatchObject({ verdict: "ahead", statuses: ["NFS4ERR_SEQ_MISORDERED"] });
    expect(lines[1].status).toBe("NFS4ERR_SEQ_MISORDERED");
  });
});

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const maybe = fc.integer({ min: -1, max: 0xffff_ffff });
const numbers = fc.array(fc.oneof(fc.constantFrom(53, 22, 9, 10044), uint32), { maxLength: 6 });
const verdicts: ObservedVerdict[] = ["new", "retry", "adopted", "unjudged", "zero-first"];

/** Calls that no capture could hold. */
const anything = fc.record({
  client: fc.string({ unit: "binary" }),
  id: fc.nat({ max: 3000 }),
  xid: uint32,
  frames: fc.tuple(fc.nat(), fc.nat()),
  captures: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
  times: fc.tuple(fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.double()), fc.nat()),
  slotId: maybe,
  seq: maybe,
  verdict: fc.constantFrom(...verdicts),
  channel: fc.constantFrom("fore" as const, "back" as const),
  minorVersion: maybe,
  cachethis: fc.boolean(),
  operations: numbers,
  operationCount: fc.option(uint32),
  isRetry: fc.boolean(),
  isAnswered: fc.boolean(),
  results: numbers,
  statuses: fc.array(fc.oneof(fc.constant(0), uint32), { minLength: 6, maxLength: 6 }),
  status: maybe,
  rpcError: fc.option(fc.string({ unit: "binary" })),
});

test("whatever a call holds, its line is that of the object", async () => {
  const lists = new OperationLists();
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 8 }), async (traffic) => {
      const base = new TimeBase();
      base.since(1_700_000_000, 0);
      const compared = new Compared(base);
      for (const values of [...traffic, ...traffic]) {
        const { client, id, xid, frames, captures, times, operations, results, statuses } = values;
        const opened = { capture: 0, frame: 1, at: 0 };
        const connection = new ObservedConnection(id, client, "10.0.0.1:2049", client, opened, true);
        const list = lists.of(operations, operations.length);
        const call = new Call(connection, xid, captures[0], frames[0], times[0], list);
        const { slotId, seq, verdict, channel, minorVersion, cachethis } = values;
        const operationCount = values.operationCount ?? operations.length;
        Object.assign(call, { slotId, seq, verdict, channel, minorVersion, cachethis, operationCount });
        if (values.isRetry) call.original = new Call(connection, xid, 0, 1, times[1], list);
        if (values.isAnswered) {
          const { rpcError, status } = values;
          const reply = new Reply(captures[1], frames[1], times[1], lists.of(results, results.length));
          Object.assign(reply, { rpcError, status, lastStatus: statuses[results.length - 1] ?? -1 });
          call.reply = reply;
          compared.answered(call, statuses);
        } else compared.abandoned(call);
      }
      await compared.check();
    }),
  );
});
