import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { probeJunit } from "../../src/probe/report-junit.ts";
import { exchangeStep, HOSTILE, HOSTILE_LEFT, probeLike, probeReport, resultLike } from "../support/probe-results.ts";
import { toolOrSkip } from "../support/require-tool.ts";

const python = toolOrSkip("python3");
const textOf = (...args: Parameters<typeof probeReport>) => [...probeJunit(probeReport(...args))].join("");

/** What an XML parser that is not ours makes of it: tag and attributes of each element. */
function elements(text: string): [string, Record<string, string>][] {
  const script =
    "import sys,json,xml.etree.ElementTree as e\nr=e.fromstring(sys.stdin.buffer.read())\nprint(json.dumps([[x.tag,x.attrib] for x in r.iter()]))";
  const { stdout, stderr } = spawnSync("python3", ["-c", script], { input: text, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("a suite for each family, a case for each probe", () => {
  expect(textOf()).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="slotshark 0 probe 127.0.0.1:2049" tests="5" failures="1" errors="0" skipped="2" time="0.007500">
  <testsuite name="NFSv4.1 first-requests" tests="3" failures="1" errors="0" skipped="0" time="0.004500">
    <testcase classname="nfs4_1.first-requests" name="first-zero" time="0.001500">
      <failure message="Sequence id 0 on a fresh slot: SEQUENCE OK; required: SEQ_MISORDERED on operation 0" type="deviates">
  required  SEQ_MISORDERED; the slot stays fresh. (RFC 8881 §18.36.4)
  permitted No result at all.
            c1 opened
  sent      c1: SEQUENCE seq 0 slot 0
  answered  SEQUENCE OK seq 0
  DEVIATES  SEQUENCE OK; required: SEQ_MISORDERED on operation 0
            … 1 later step
  known     ganesha succeeds.
  pynfs     SEQ1, SEQ2
      </failure>
    </testcase>
    <testcase classname="nfs4_1.first-requests" name="plain" time="0.001500"/>
    <testcase classname="nfs4_1.first-requests" name="other" time="0.001500">
      <system-out>permitted: BADSLOT; usual: MISORDERED</system-out>
    </testcase>
  </testsuite>
  <testsuite name="NFSv4.1 state" tests="2" failures="0" errors="0" skipped="2" time="0.003000">
    <testcase classname="nfs4_1.state" name="open" time="0.001500">
      <skipped message="inconclusive: the server is lost"/>
    </testcase>
    <testcase classname="nfs4_1.state" name="writing" time="0.001500">
      <skipped message="skipped: there is no export to write to"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test.skipIf(python.skip)(`nothing a server says breaks the document${python.skip ? ` (${python.reason})` : ""}`, () => {
  const verdicts = ["pass-alternative", "deviates", "inconclusive", "skipped"] as const;
  const hostile = verdicts.map((verdict) =>
    resultLike({
      verdict,
      reason: HOSTILE,
      steps: [exchangeStep(HOSTILE, HOSTILE)],
      probe: probeLike({ title: HOSTILE }),
    }),
  );
  const text = textOf(hostile);
  expect(text).not.toMatch(HOSTILE_LEFT);
  const cases = elements(text).filter(([tag]) => tag === "testcase");
  expect(cases).toHaveLength(verdicts.length);
  const [failure] = elements(text).filter(([tag]) => tag === "failure");
  expect(failure![1].message).toContain("<&\"']]>");
});
