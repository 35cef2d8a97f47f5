import { describe, expect, test } from "vitest";
import { judgeConfidence } from "../../src/analysis/confidence.ts";
import type { Downgrades, Report } from "../../src/rules/rule.ts";
import type { Call } from "../../src/session/call.ts";
import { ruleLike } from "../support/analysis-fixture.ts";
import { created, ModelTraffic } from "../support/model-traffic.ts";

const ordered = () => true;
const unordered = () => false;

function judge(report: Report, downgrades: Downgrades, isOrdered = ordered) {
  return judgeConfidence(ruleLike({ downgrades }), report, isOrdered);
}

/** A report on the last of a few exchanges. */
function reportOn(call: Call, values: Partial<Report> = {}): Report {
  return { call, frames: [call, ...(call.reply === null ? [] : [call.reply])], message: "", ...values };
}

function lastOf(traffic: ModelTraffic, seq: number): Call {
  const call = traffic.call({ seq });
  traffic.ok(call);
  traffic.connection.lastReplyAt = call.at;
  return call;
}

describe("steps", () => {
  const call = lastOf(created(), 1);

  test.each([
    [{}, "certain", []],
    [{ O: 1 }, "likely", ["O"]],
    [{ O: 2 }, "possible", ["O"]],
    [{ O: 1, V: 1 }, "possible", ["V", "O"]],
  ] as const)("%j: %s", (downgrades, confidence, codes) => {
    const report = reportOn(call, { because: ["V"] });
    expect(judge(report, downgrades, unordered)).toEqual({ confidence, downgrades: codes });
  });

  test.each([{ O: "off" }, { O: 2, V: 1 }] as const)("%j: nothing is said", (downgrades) => {
    expect(judge(reportOn(call, { because: ["V"] }), downgrades, unordered)).toBeNull();
  });

  test("a code that the rule does not list costs nothing", () => {
    expect(judge(reportOn(call, { because: ["U", "V"] }), { U: 1 })).toEqual({
      confidence: "likely",
      downgrades: ["U"],
    });
  });
});

describe("M, an adopted slot", () => {
  test.each([
    [0, null],
    [1, "likely"],
    [2, "likely"],
    [3, "certain"],
  ])("after %i clean exchanges: %s", (clean, confidence) => {
    const traffic = new ModelTraffic();
    if (clean > 0) traffic.exchange(5, 4 + clean);
    const call = traffic.call({ seq: 5 + clean });
    traffic.connection.lastReplyAt = 1;
    expect(judge(reportOn(call), { M: 1 })?.confidence ?? null).toBe(confidence);
  });

  test("does not count for a session seen from its beginning", () => {
    expect(judge(reportOn(lastOf(created(), 1)), { M: "off" })?.confidence).toBe("certain");
  });

  test("counts for a report on a session alone", () => {
    const traffic = new ModelTraffic();
    traffic.exchange(5, 9);
    const report = { session: traffic.session()!, frames: [traffic.slot().current!], message: "" };
    expect(judge(report, { M: 1 })?.confidence).toBe("likely");
  });
});

describe("G, missing bytes", () => {
  test.each([1, 2, "off"] as const)("at any price (%s) accuse nobody", (price) => {
    const traffic = created();
    const first = lastOf(traffic, 1);
    traffic.connection.addGap("client", 100, first.reply!.at, { capture: 0, frame: 50, at: first.reply!.at + 10 });
    expect(judge(reportOn(lastOf(traffic, 2), { since: first.at }), { G: price })).toBeNull();
  });

  test("before the slot's last clean exchange, or after the event, do not matter", () => {
    const traffic = created();
    traffic.connection.addGap("client", 100, 1, { capture: 0, frame: 1, at: 2 });
    lastOf(traffic, 1);
    const call = lastOf(traffic, 2);
    const later = call.reply!.at + 1;
    traffic.connection.addGap("client", 100, later, { capture: 0, frame: 99, at: later });
    expect(judge(reportOn(call, { since: call.at }), { G: "off" })?.confidence).toBe("certain");
  });

  test("on another connection of the session count", () => {
    const traffic = created();
    const on = traffic.connect();
    traffic.session()!.bind(on, "fore");
    const call = lastOf(traffic, 1);
    on.addGap("server", 100, call.at, { capture: 0, frame: 50, at: call.reply!.at });
    expect(judge(reportOn(call, { since: call.at }), { G: "off" })).toBeNull();
  });

  test("on the connection of the request before count, though the session was never served there", () => {
    const traffic = created();
    const on = traffic.connect();
    const previous = traffic.call({ seq: 1, on });
    on.addGap("server", 100, previous.at, { capture: 0, frame: 50, at: previous.at + 1 });
    traffic.close(on, previous);
    expect(judge(reportOn(lastOf(traffic, 2), { since: previous.at }), { G: "off" })).toBeNull();
  });

  test("matter to no rule that does not care", () => {
    const traffic = created();
    const call = lastOf(traffic, 1);
    traffic.connection.addGap("client", 100, call.at, { capture: 0, frame: 50, at: call.at });
    expect(judge(reportOn(call), {})?.confidence).toBe("certain");
  });
});

describe("the rest", () => {
  test("H: paths outside the capture", () => {
    const traffic = created();
    const call = lastOf(traffic, 1);
    traffic.session()!.otherPaths = call;
    expect(judge(reportOn(call), { H: 1 })?.downgrades).toEqual(["H"]);
  });

  test("R: no reply was ever seen on the connection", () => {
    const call = created().call({ seq: 1 });
    expect(judge(reportOn(call), { R: "off" })).toBeNull();
  });

  test("T and P: cut or encrypted", () => {
    const call = lastOf(created(), 1);
    call.truncated = true;
    call.connection.encrypted = "krb5p";
    expect(judge(reportOn(call), { T: 1, P: 1 })?.downgrades).toEqual(["T", "P"]);
  });

  test("a finding about the whole capture has no situation", () => {
    expect(judge({ frames: [], message: "" }, { M: "off", G: "off", R: "off" })?.confidence).toBe("certain");
  });
});
