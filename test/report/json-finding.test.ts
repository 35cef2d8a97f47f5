import { expect, test } from "vitest";
import { analysisWithGap, emptyAnalysis, finding, ruleLike, sighting } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("a finding names rule, place, frames, expected and seen", () => {
  const [gap] = documentOf(analysisWithGap()).findings;
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
  const [gap] = documentOf(analysisWithGap({ occurrences: 40, samples, lastAt: sighting(24).at })).findings;
  expect(gap.samples).toEqual([
    { frames: [16, 17], frameCaptures: [0, 0], time: "1714034809.001700000" },
    { frames: [3], frameCaptures: [1], time: "1714034809.000300000" },
  ]);
  expect(gap).toMatchObject({ occurrences: 40, lastTime: "1714034809.002400000" });
});

test("downgrades carry their reason", () => {
  const [gap] = documentOf(analysisWithGap({ confidence: "likely", downgrades: ["H"] })).findings;
  expect(gap.downgrades).toEqual([{ code: "H", reason: "other connections of the session exist outside the capture" }]);
});

test("null means unknown or none, never 0", () => {
  const [nothing] = documentOf(
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

test("a request under a sequence id that was used before: both operation lists and the first difference", () => {
  const operations = { before: ["SEQUENCE", "PUTFH", "LOOKUP"], after: ["SEQUENCE", "PUTFH", "LOOKUP"] };
  const firstDifference = { operation: 2, name: "LOOKUP", path: "lookup.objname", before: '"a"', after: '"b"' };
  const evidence = { slotBefore: null, slotAfter: null, operations, firstDifference };
  expect(documentOf(analysisWithGap({ evidence })).findings[0].evidence).toEqual(evidence);
});
