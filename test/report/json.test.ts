import { expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { ObservedSession } from "../../src/session/observed-session.ts";
import {
  analysisWithGap,
  capture,
  emptyAnalysis,
  finding,
  oneSession,
  ruleLike,
  sighting,
  totals,
} from "../support/analysis-fixture.ts";
import { publishedSchema, strictSchema } from "../support/schema.ts";

const validate = strictSchema();

// biome-ignore lint/suspicious/noExplicitAny: a parsed document is looked into freely
function report(analysis: Analysis, selection = EVERYTHING): any {
  const document = JSON.parse([...jsonReport(analysis, selection)].join(""));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

test("the document has the members of the schema and no others", () => {
  const document = report(analysisWithGap());
  expect(Object.keys(document)).toEqual([
    "schema",
    "tool",
    "interrupted",
    "captures",
    "totals",
    "clients",
    "sessions",
    "findings",
    "summary",
    "coverage",
    "limits",
  ]);
  expect(document.schema).toBe("slotshark/analysis/1");
});

test("the published schema lets later versions add members", () => {
  expect(JSON.stringify(publishedSchema())).not.toContain('"additionalProperties":false');
});

test("a finding names rule, place, frames, expected and seen", () => {
  const [gap] = report(analysisWithGap()).findings;
  expect(gap).toMatchObject({
    rule: "seq-gap",
    severity: "error",
    confidence: "certain",
    downgrades: [],
    fault: "client",
    session: "840000006225036b6b00000000000000",
    client: "0x840000006225036b",
    channel: "fore",
    slot: 2,
    seq: 3,
    expected: { seq: 2, status: ["NFS4ERR_SEQ_MISORDERED"] },
    actual: { seq: 3, status: "NFS4ERR_SEQ_MISORDERED" },
    frames: [14, 15],
    frameCaptures: [0, 0],
    time: "1714034809.001500000",
    connection: "127.0.0.1:34594 > 127.0.0.1:20491",
    rfc: "RFC 8881 2.10.6.1, 18.46.3",
    occurrences: 1,
    samples: [],
    lastTime: null,
    evidence: { slotBefore: { lastSeq: 1, state: "idle" }, slotAfter: { lastSeq: 1, state: "idle" } },
  });
});

test("a folded finding keeps frames of further occurrences and its last time", () => {
  const samples = [[sighting(16), sighting(17)], [sighting(3, 1)]];
  const [gap] = report(analysisWithGap({ occurrences: 40, samples, lastAt: sighting(24).at })).findings;
  expect(gap.samples).toEqual([
    { frames: [16, 17], frameCaptures: [0, 0], time: "1714034809.001700000" },
    { frames: [3], frameCaptures: [1], time: "1714034809.000300000" },
  ]);
  expect(gap).toMatchObject({ occurrences: 40, lastTime: "1714034809.002400000" });
});

test("downgrades carry their reason", () => {
  const [gap] = report(analysisWithGap({ confidence: "likely", downgrades: ["H"] })).findings;
  expect(gap.downgrades).toEqual([{ code: "H", reason: "other connections of the session exist outside the capture" }]);
});

test("null means unknown or none, never 0", () => {
  const [nothing] = report(
    emptyAnalysis({ findings: [finding({ rule: ruleLike({ rfc: null }), frames: [] })] }),
  ).findings;
  for (const key of [
    "session",
    "client",
    "channel",
    "slot",
    "seq",
    "connection",
    "expected",
    "actual",
    "rfc",
    "time",
  ]) {
    expect(nothing[key], key).toBeNull();
  }
});

test("an id stays the same from run to run and differs between findings", () => {
  const idOf = (analysis: Analysis) => report(analysis).findings[0].id;
  const id = idOf(analysisWithGap());
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(idOf(analysisWithGap({ occurrences: 7 }))).toBe(id);
  const others: Analysis[] = [
    analysisWithGap({ slot: 3 }),
    analysisWithGap({ channel: "back" }),
    analysisWithGap({ frames: [sighting(16)] }),
    analysisWithGap({ frames: [sighting(14, 1)] }),
    analysisWithGap({ rule: ruleLike({ id: "seq-behind" }) }),
  ];
  expect(new Set([id, ...others.map(idOf)]).size).toBe(others.length + 1);
});

test("session, slots and negotiated attributes", () => {
  const [session] = report(analysisWithGap()).sessions;
  expect(session).toMatchObject({
    id: "840000006225036b6b00000000000000",
    server: "127.0.0.1:20491",
    clientId: "0x840000006225036b",
    minorVersion: 1,
    inferred: false,
    created: { capture: 0, frame: 11, time: "1714034809.001100000" },
    destroyed: { capture: 0, frame: 19, time: "1714034809.001900000" },
    flags: [],
    connections: [{ client: "127.0.0.1:34594", server: "127.0.0.1:20491", channels: ["fore"] }],
    back: null,
    sequenceErrors: { NFS4ERR_SEQ_MISORDERED: 2 },
    statusFlags: { CB_PATH_DOWN: 1 },
    highestSlot: 7,
    targetHighestSlot: 7,
    slotsOmitted: 0,
  });
  expect(session.fore).toMatchObject({ slotsUsed: 1, highestSlotUsed: 2, maxOutstanding: 1, calls: 3, replies: 3 });
  expect(session.fore.granted.maxRequests).toBe(8);
  expect(session.fore.slots).toEqual([
    {
      slot: 2,
      firstSeq: 1,
      lastSeq: 1,
      calls: 3,
      replies: 3,
      retries: 0,
      outstanding: false,
      latencyMicros: { p50: 159, p99: 161, max: 161 },
    },
  ]);
});

test("of a session met in its middle what was not seen is null", () => {
  const { server } = oneSession();
  const session = new ObservedSession("ab".repeat(16), server, null, 2, sighting(5), false);
  session.lastRenewalAt = 1;
  session.fore.slot(4, 1);
  server.sessions.set(session.id, session);
  const document = report(emptyAnalysis({ servers: [server] }));
  const found = document.sessions.find(({ id }: { id: string }) => id === session.id);
  expect(found).toMatchObject({
    inferred: true,
    created: null,
    destroyed: null,
    ended: null,
    flags: null,
    clientId: null,
    highestSlot: null,
    firstSeen: { capture: 0, frame: 5 },
  });
  expect(found.fore).toMatchObject({ requested: null, granted: null });
  expect(found.fore.slots[0]).toMatchObject({ slot: 4, firstSeq: null, lastSeq: null, latencyMicros: null });
});

test("a session id that only ever got BADSESSION is no session", () => {
  const { server } = oneSession();
  const session = new ObservedSession("42616420".repeat(4), server, null, 1, sighting(8), false);
  session.sequenceErrors.set(10052, 1);
  server.sessions.set(session.id, session);
  expect(report(emptyAnalysis({ servers: [server] })).sessions).toHaveLength(1);
});

test("the owner is readable in `owner` and exact in `ownerHex`", () => {
  const [client] = report(analysisWithGap()).clients;
  expect(client).toMatchObject({ owner: "SEQ13\\x1b[2J", ownerHex: "53455131331b5b324a", addresses: ["127.0.0.1"] });
});

test("captures name their format, link types, times and damage", () => {
  const damage = [{ offset: 4000, frame: 24, kind: "truncated" as const, message: "the file ends within a packet" }];
  const captures = [
    capture("a.pcapng.gz", { format: "pcapng", compression: "gzip", linkTypes: [1, 113, 1, 999], damage }),
    capture("empty.pcap", { frames: 0, firstAt: null, lastAt: null }),
  ];
  const [first, second] = report(emptyAnalysis({ captures })).captures;
  expect(first).toMatchObject({
    format: "pcapng",
    compression: "gzip",
    linkTypes: ["ethernet", "linux-sll", "linktype-999"],
    firstTime: "1714034809.000100000",
    damage,
  });
  expect(second).toMatchObject({ firstTime: null, lastTime: null });
});

test("totals have the names of the schema", () => {
  const other = new Map([
    ["100005.3", 2],
    ["100003.3", 9],
  ]);
  const document = report(emptyAnalysis({ totals: totals({ compounds: [1, 2, 3], otherRpc: other }) }));
  expect(document.totals.compounds).toEqual({ "4.0": 1, "4.1": 2, "4.2": 3 });
  expect(Object.keys(document.totals.otherRpc)).toEqual(["100003.3", "100005.3"]);
});

test("the summary counts what is left after selection", () => {
  const findings = [
    finding({ rule: ruleLike({ id: "a" }) }),
    finding({ rule: ruleLike({ id: "b" }), severity: "warning" }),
    finding({ rule: ruleLike({ id: "b" }), severity: "note" }),
  ];
  const analysis = emptyAnalysis({ findings });
  expect(report(analysis).summary).toEqual({ errors: 1, warnings: 1, notes: 1 });
  const onlyB = report(analysis, { rules: new Set(["b"]), minSeverity: "warning" });
  expect(onlyB.summary).toEqual({ errors: 0, warnings: 1, notes: 0 });
  expect(onlyB.findings).toHaveLength(1);
});

test("the same analysis gives the same bytes", () => {
  const bytes = () => [...jsonReport(analysisWithGap(), EVERYTHING)].join("");
  expect(bytes()).toBe(bytes());
});

test("hostile names change neither the terminal nor the document's shape", () => {
  const path = "__proto__\u001b[2J\u009b31m\u202e\u2028.pcap";
  const analysis = emptyAnalysis({
    captures: [capture(path)],
    totals: totals({ otherRpc: new Map([["__proto__", 1]]) }),
    findings: [finding({ message: "\u001b]0;owned\u0007\u202e" })],
  });
  const text = [...jsonReport(analysis, EVERYTHING)].join("");
  // biome-ignore lint/complexity/useRegexLiterals: readable classes
  expect(text).not.toMatch(new RegExp("[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u202e\\u2028]"));
  const document = JSON.parse(text);
  expect(document.captures[0].path).toBe(path);
  expect(Object.keys(document.totals.otherRpc)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>).owned).toBeUndefined();
});
