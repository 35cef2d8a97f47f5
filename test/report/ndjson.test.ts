import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { NdjsonStream } from "../../src/report/ndjson.ts";
import { EVERYTHING, type Selection } from "../../src/report/select-findings.ts";
import type { Finding } from "../../src/rules/finding.ts";
import { analysisWithGap, capture, emptyAnalysis, finding, ruleLike, sighting } from "../support/analysis-fixture.ts";
import { captureFiles, FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { documentOf } from "../support/json-document.ts";
import { publishedSchema } from "../support/schema.ts";
import { type Line, linesOf, streamBytes, streamStory } from "../support/stream-lines.ts";

/** A stream by hand: what was told to it, then the end of an analysis. */
async function streamed(tell: (stream: NdjsonStream) => void, analysis = emptyAnalysis(), selection = EVERYTHING) {
  let text = "";
  const write = async (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  const stream = new NdjsonStream(write, { selection, records: false });
  stream.begin(analysis.captures, analysis.timeBase);
  tell(stream);
  await stream.end(analysis);
  return linesOf(text);
}

const typesOf = (lines: { type: string }[]) => lines.map(({ type }) => type).join(" ");

test("the first line names the schema, the last is the summary", async () => {
  const lines = await streamed(() => {});
  expect(typesOf(lines)).toBe("capture capture summary");
  expect(lines[0]).toMatchObject({ schema: "slotshark/stream/1", index: 0, final: false, path: "a.pcap" });
  expect(lines[1]).toMatchObject({ index: 0, final: true });
  expect(lines[2]).toMatchObject({ schema: "slotshark/stream/1", interrupted: false, summary: { errors: 0 } });
});

test("the published schema lets later versions add types and members", () => {
  const schema = JSON.stringify(publishedSchema("stream-1"));
  expect(schema).not.toMatch(/"(additional|unevaluated)Properties":false/);
});

describe("findings", () => {
  const analysis = analysisWithGap();
  const folded = analysis.findings[0] as Finding;
  const again = { ...folded, frames: [sighting(16), sighting(17)], seq: 5, message: "again" };

  test("every occurrence has its own line, with what is its own; they share an id", async () => {
    const [, first, second] = await streamed((stream) => {
      stream.occurrence({ alone: folded, folded });
      stream.occurrence({ alone: again, folded: { ...folded, occurrences: 2 } });
    }, analysis);
    expect(first).toMatchObject({ type: "finding", rule: "seq-gap", occurrence: 1, frames: [14, 15], seq: 3 });
    expect(second).toMatchObject({ occurrence: 2, frames: [16, 17], seq: 5, message: "again", id: first.id });
    expect(second.time).toBe("1714034809.001700000");
    expect(first.id).toBe(documentOf(analysis).findings[0].id);
  });

  test("the id stays though the finding loses what its occurrences do not share", async () => {
    const changing = { ...folded };
    const [, first, second] = await streamed((stream) => {
      stream.occurrence({ alone: folded, folded: changing });
      Object.assign(changing, { session: null, slot: null, occurrences: 2 });
      stream.occurrence({ alone: again, folded: changing });
    });
    expect(second).toMatchObject({ id: first.id, session: first.session, slot: 2, occurrence: 2 });
  });

  test("one that cannot be counted any more is told all the same", async () => {
    const [, line] = await streamed((stream) => stream.occurrence({ alone: folded, folded: null }));
    expect(line).toMatchObject({ type: "finding", occurrence: null, message: folded.message });
  });

  test("only those that are asked for", async () => {
    const note = finding({ rule: ruleLike({ id: "b" }), severity: "note" });
    const tell = (stream: NdjsonStream) => {
      for (const alone of [folded, note]) stream.occurrence({ alone, folded: alone });
    };
    const rulesTold = async (selection: Selection) =>
      (await streamed(tell, analysis, selection)).flatMap(({ rule }) => rule ?? []);
    expect(await rulesTold(EVERYTHING)).toEqual(["seq-gap", "b"]);
    expect(await rulesTold({ rules: null, minSeverity: "warning" })).toEqual(["seq-gap"]);
    expect(await rulesTold({ rules: new Set(["b"]), minSeverity: "note" })).toEqual(["b"]);
  });
});

test("a stream of very many findings holds none of them", async () => {
  const analysis = analysisWithGap();
  const folded = analysis.findings[0] as Finding;
  let bytesWritten = 0;
  const write = async (bytes: Uint8Array) => {
    bytesWritten += bytes.length;
  };
  const stream = new NdjsonStream(write, { selection: EVERYTHING, records: false });
  stream.begin(analysis.captures, analysis.timeBase);
  const tell = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const alone = { ...folded, message: `occurrence ${i}`, frames: [sighting(i)] };
      stream.occurrence({ alone, folded: i % 2 === 0 ? folded : null });
      if (i % 500 === 0) await stream.flush();
    }
    await stream.flush();
    return memoryInUse();
  };
  const before = await tell(5000);
  expect((await tell(50_000)) - before).toBeLessThan(2e6);
  expect(bytesWritten).toBeGreaterThan(3e7);
});

/** What is left when all garbage has gone. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = memoryUsage();
  return heapUsed + arrayBuffers;
}

test("sessions that are open to the last come before the captures as they turned out to be", async () => {
  const analysis = analysisWithGap();
  const lines = await streamed(() => {}, analysis);
  expect(typesOf(lines)).toBe("capture session capture summary");
  const { type: _type, ...session } = lines[1];
  expect(session).toEqual(documentOf(analysis).sessions[0]);
});

test("hostile names change neither the terminal nor the lines", async () => {
  const path = "__proto__\u001b[2J\u009b31m\u202e\u2028.pcap\n{}";
  const analysis = emptyAnalysis({ captures: [capture(path)] });
  const alone = finding({ message: "\u001b]0;owned\u0007\u202e\n" });
  const lines = await streamed((stream) => stream.occurrence({ alone, folded: alone }), analysis);
  expect([lines[0].path, lines[1].message]).toEqual([path, alone.message]);
  expect(lines).toHaveLength(4);
});

describe("while the analysis runs", () => {
  test("all occurrences come, not only the first nine, under the id of the document", async () => {
    const lines = await streamStory((wire) => {
      const slot = wire.session().slot(0);
      slot.exchange(1);
      for (let i = 0; i < 300; i++) slot.send(100 + i).fail(NFS4ERR_SEQ_MISORDERED);
    });
    const gaps = lines.filter(({ rule }) => rule === "seq-gap");
    expect(gaps.map(({ occurrence }) => occurrence)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect(new Set(gaps.map(({ id }) => id)).size).toBe(1);
    expect(new Set(gaps.map(({ frames }) => frames.at(-1))).size).toBe(300);
    expect(gaps[299].message).toContain("399");
  });

  test("an occurrence of what befell many slots tells its own", async () => {
    const lines = await streamStory((wire) => {
      const session = wire.session({ slots: 8 });
      for (let slot = 0; slot < 8; slot++) session.slot(slot).exchange(1, 2);
      wire.wait(5);
      for (let slot = 0; slot < 8; slot++) session.slot(slot).send(3).fail(NFS4ERR_SEQ_MISORDERED);
    });
    const refused = lines.filter(({ type, occurrence }) => type === "finding" && occurrence > 1);
    expect(refused.length).toBeGreaterThan(0);
    for (const { slot, session } of refused) expect([slot, session]).not.toContain(null);
  });

  test("a session is told when it has ended, before others end", async () => {
    const lines = await streamStory((wire) => {
      const first = wire.session();
      first.connection.destroySession(first.id).ok();
      const other = wire.session();
      for (let seq = 1; seq < 15; seq++) {
        other.slot(0).exchange(seq);
        wire.wait(1);
      }
      other.slot(0).send(99).fail(NFS4ERR_SEQ_MISORDERED);
    });
    expect(typesOf(lines)).toBe("capture session finding");
    expect(lines[1].ended.by).toBe("destroyed");
  });
});

const captures = captureFiles(FIXTURE_CAPTURES).map((path) => basename(path));

test.each(captures)("%s: the stream says what the document does", async (name) => {
  const bytes = readFileSync(join(FIXTURE_CAPTURES, name));
  const { analysis, lines } = await streamBytes([bytes], { records: true });
  const document = documentOf(analysis);
  const ofType = (wanted: string) => lines.filter(({ type }) => type === wanted).map(({ type: _, ...rest }) => rest);
  const counts = new Map<string, number>();
  for (const { id } of ofType("finding")) counts.set(id, (counts.get(id) ?? 0) + 1);
  const folded = document.findings.map(({ id, occurrences }: Line) => [id, occurrences]);
  expect(counts).toEqual(new Map(folded));
  expect(ofType("capture").filter(({ final }) => final)).toEqual([{ index: 0, final: true, ...document.captures[0] }]);
  expect(bySessionId(ofType("session"))).toEqual(bySessionId(document.sessions));
  const { schema: _schema, tool: _tool, ...summary } = ofType("summary")[0]!;
  expect(document).toMatchObject(summary);
  const exchanges = ofType("exchange");
  const { compounds, callbackCalls } = analysis.totals;
  expect(exchanges.filter(({ channel }) => channel === "fore")).toHaveLength(compounds[1] + compounds[2]);
  expect(exchanges.filter(({ channel }) => channel === "back")).toHaveLength(callbackCalls);
});

/** Without what may change later than ten seconds after a session's end: a call that was never answered is given up. */
function bySessionId(sessions: Line[]): Line[] {
  const text = JSON.stringify(sessions.sort((a, b) => (a.id < b.id ? -1 : 1)));
  return JSON.parse(text.replace(/"outstanding":(true|false),/g, ""));
}
