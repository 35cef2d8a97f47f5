import { describe, expect, test } from "vitest";
import type { Occurrence } from "../../src/analysis/analysis-stream.ts";
import { Findings } from "../../src/analysis/findings.ts";
import { SAMPLES_MAX } from "../../src/rules/finding.ts";
import type { Report } from "../../src/rules/rule.ts";
import { ObservedConnection } from "../../src/session/observed-connection.ts";
import { ruleLike, SEQ_GAP, sighting } from "../support/analysis-fixture.ts";
import { created, ModelTraffic, SESSION } from "../support/model-traffic.ts";
import { scenario } from "../support/scenario.ts";

const JUDGED = { confidence: "certain" as const, downgrades: [] };

function reported(...reports: Report[]) {
  const findings = new Findings();
  for (const report of reports) findings.add(SEQ_GAP, report, JUDGED);
  return findings.all;
}

describe("a report becomes a finding", () => {
  test("with session, client, connection, slot and sequence id of its call", () => {
    const traffic = created();
    const call = traffic.call({ seq: 3, slot: 2 });
    const [finding] = reported({ call, frames: [call], message: "text" });
    expect(finding).toMatchObject({
      session: { id: SESSION },
      client: { clientId: "c1" },
      connection: traffic.connection,
      channel: "fore",
      slot: 2,
      seq: 3,
      severity: "error",
      fault: "client",
      occurrences: 1,
      samples: [],
      lastAt: null,
    });
    expect(finding!.frames).toEqual([{ capture: 0, frame: call.frame, at: call.at }]);
    expect(finding!.evidence).toEqual({
      slotBefore: { lastSeq: 0, state: "idle" },
      slotAfter: { lastSeq: 0, state: "idle" },
    });
  });

  test.each([
    ["server-rejected-valid", 3, 10063, { lastSeq: 2, state: "idle" }],
    ["seq-gap", 7, 10063, { lastSeq: 2, state: "idle" }],
    ["server-accepted-misordered", 1, 0, { lastSeq: 1, state: "idle" }],
    ["leaked-slot", 3, null, { lastSeq: 3, state: "outstanding" }],
  ])("%s: the slot after the reply, though the rule was told before", (rule, seq, status, slotAfter) => {
    const wire = scenario();
    const slot = wire.session().slot(0);
    slot.exchange(1, 2);
    wire.wait(1);
    const call = slot.send(seq);
    if (status === 0) call.ok();
    else if (status !== null) call.fail(status);
    wire.wait(200);
    wire.session().slot(0).exchange(1);
    const finding = wire.wire.findings().find((found) => found.rule.id === rule);
    expect(finding?.evidence).toEqual({ slotBefore: { lastSeq: 2, state: "idle" }, slotAfter });
  });

  test("evidence says what is unknown", () => {
    const traffic = new ModelTraffic();
    const call = traffic.call({ seq: 9 });
    expect(reported({ call, frames: [call], message: "" })[0]!.evidence).toEqual({
      slotBefore: { lastSeq: null, state: "unknown" },
      slotAfter: { lastSeq: 9, state: "outstanding" },
    });
  });

  test("what the report says goes before what follows from its call", () => {
    const call = created().call({ seq: 1 });
    const changes = { severity: "note" as const, fault: "server" as const, session: null, connection: null };
    expect(reported({ call, ...changes, frames: [call], message: "" })[0]).toMatchObject({ ...changes, client: null });
  });
});

describe("folding", () => {
  test("same rule, session and slot: one finding, the first; samples of the next eight", () => {
    const traffic = created();
    const calls = Array.from({ length: 12 }, (_, i) => traffic.call({ seq: 5 + 2 * i }));
    const [finding, ...others] = reported(...calls.map((call) => ({ call, frames: [call], message: `${call.seq}` })));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ occurrences: 12, message: "5", seq: 5, lastAt: calls[11]!.at });
    expect(finding!.samples.map(([frame]) => frame!.frame)).toEqual(calls.slice(1, 9).map(({ frame }) => frame));
  });

  test("another slot, session, severity or rule: another finding", () => {
    const traffic = created();
    const other = "0b".repeat(16);
    const calls = [
      traffic.call({ seq: 5 }),
      traffic.call({ seq: 5, slot: 1 }),
      traffic.call({ seq: 5, session: other }),
    ];
    const findings = new Findings();
    for (const call of calls) findings.add(SEQ_GAP, { call, frames: [call], message: "" }, JUDGED);
    const [call] = calls;
    findings.add(SEQ_GAP, { call: call!, frames: [call!], severity: "note", message: "" }, JUDGED);
    findings.add(ruleLike({ id: "other" }), { call: call!, frames: [call!], message: "" }, JUDGED);
    expect(findings.all.map(({ occurrences }) => occurrences)).toEqual([1, 1, 1, 1, 1]);
  });

  test("without a session by client, else by connection", () => {
    const traffic = created();
    const client = traffic.session()!.client!;
    const on = traffic.connect();
    const frames = [sighting(1)];
    const findings = reported(
      { client, connection: traffic.connection, frames, message: "" },
      { client, connection: on, frames, message: "" },
      { connection: traffic.connection, frames, message: "" },
      { connection: on, frames, message: "" },
      { frames, message: "" },
    );
    expect(findings.map(({ occurrences }) => occurrences)).toEqual([2, 1, 1, 1]);
  });
});

test("what repeats a finding that has all its samples is added at once, anything else is not", () => {
  const traffic = created();
  const findings = new Findings();
  const reportAt = (at: number, slot = 0): Report => {
    const call = traffic.call({ seq: 5, slot });
    return { call, frames: [{ capture: 0, frame: 1, at }], message: "" };
  };
  expect(findings.addRepetition(SEQ_GAP, reportAt(1), JUDGED)).toBe(false);
  expect(findings.all).toEqual([]);
  for (let at = 0; at <= SAMPLES_MAX; at++) {
    expect(findings.addRepetition(SEQ_GAP, reportAt(at), JUDGED)).toBe(false);
    findings.add(SEQ_GAP, reportAt(at), JUDGED);
  }
  expect(findings.addRepetition(SEQ_GAP, reportAt(100), JUDGED)).toBe(true);
  expect(findings.addRepetition(SEQ_GAP, reportAt(100, 1), JUDGED)).toBe(false);
  // One that had to wait is older than one that had not.
  findings.add(SEQ_GAP, reportAt(50), JUDGED);
  expect(findings.all).toMatchObject([{ occurrences: SAMPLES_MAX + 3, lastAt: 100 }]);
});

test("only so many are kept, and the rest counted", () => {
  const traffic = created();
  const findings = new Findings();
  for (let slot = 0; slot < 10_005; slot++) {
    const call = traffic.call({ seq: 5, slot });
    findings.add(SEQ_GAP, { call, frames: [call], message: "" }, JUDGED);
  }
  expect(findings.all).toHaveLength(10_000);
  expect(findings.limits()).toEqual([{ name: "folded findings", bound: 10_000, dropped: 5 }]);
});

describe("who listens hears of each occurrence", () => {
  function heardOf(...reports: Report[]) {
    const findings = new Findings();
    const heard: Occurrence[] = [];
    findings.listener = (occurrence) => heard.push(occurrence);
    for (const report of reports) findings.add(SEQ_GAP, report, JUDGED);
    return { heard, findings };
  }

  test("by itself, and of which finding it is", () => {
    const traffic = created();
    const [first, second] = [traffic.call({ seq: 3, slot: 2 }), traffic.call({ seq: 9, slot: 2 })];
    const { heard, findings } = heardOf(
      { call: first, frames: [first], message: "first" },
      { call: second, frames: [second], message: "second" },
    );
    const [finding] = findings.all;
    expect(heard.map(({ folded }) => folded)).toEqual([finding, finding]);
    expect(heard[0]!.alone).toBe(finding);
    expect(heard[1]!.alone).toMatchObject({ message: "second", seq: 9, frames: [{ frame: second.frame }] });
    expect(finding).toMatchObject({ message: "first", seq: 3, occurrences: 2 });
  });

  test("of those, too, that are too many to be kept", () => {
    const reports = Array.from({ length: 10_001 }, (_, i) => ({
      connection: new ObservedConnection(i, "a", "b", "a", sighting(1), true),
      frames: [sighting(i)],
      message: String(i),
    }));
    const { heard, findings } = heardOf(...reports);
    expect(heard).toHaveLength(10_001);
    expect([findings.all.length, findings.dropped]).toEqual([10_000, 1]);
    expect(heard.at(-1)).toMatchObject({ alone: { message: "10000" }, folded: null });
  });
});
