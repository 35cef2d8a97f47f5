import type { Probe } from "../../src/probe/probe.ts";
import type { ProbeReport } from "../../src/probe/probe-report.ts";
import type { ProbeResult, Step } from "../../src/probe/result.ts";

/** A probe nobody runs. */
export function probeLike(changes: Partial<Probe> = {}): Probe {
  return {
    id: "first-zero",
    title: "Sequence id 0 on a fresh slot",
    requires: "SEQ_MISORDERED; the slot stays fresh.",
    rfc: "RFC 8881 §18.36.4",
    run: async () => {},
    ...changes,
  };
}

export function resultLike(changes: Partial<ProbeResult> = {}): ProbeResult {
  return { probe: probeLike(), verdict: "pass", reason: "", steps: [], elapsedMillis: 1.5, ...changes };
}

export function exchangeStep(sent: string, answered: string | null, atMillis = 0.25): Step {
  const answeredAtMillis = answered === null ? null : atMillis + 0.1234567;
  return { kind: "exchange", connection: "c1", atMillis, sent, answered, answeredAtMillis };
}

/** A result of each verdict. */
export function oneOfEach(): ProbeResult[] {
  const [family, others] = [probeLike(), (id: string) => probeLike({ id, title: `About ${id}` })];
  return [
    resultLike({
      probe: { ...family, permits: "No result at all.", pynfs: ["SEQ1", "SEQ2"], knownDeviations: "ganesha succeeds." },
      verdict: "deviates",
      reason: "SEQUENCE OK; required: SEQ_MISORDERED on operation 0",
      steps: [
        { kind: "note", atMillis: 0.1, text: "c1 opened" },
        exchangeStep("SEQUENCE seq 0 slot 0", "SEQUENCE OK seq 0"),
        {
          kind: "check",
          atMillis: 0.5,
          verdict: "deviates",
          required: "SEQ_MISORDERED on operation 0",
          observed: "SEQUENCE OK",
        },
        exchangeStep("SEQUENCE seq 1 slot 0", null, 0.7),
      ],
    }),
    resultLike({ probe: others("plain") }),
    resultLike({ probe: others("other"), verdict: "pass-alternative", reason: "BADSLOT; usual: MISORDERED" }),
    resultLike({ probe: others("open"), verdict: "inconclusive", reason: "the server is lost" }),
    resultLike({ probe: others("writing"), verdict: "skipped", reason: "there is no export to write to" }),
  ];
}

/** A report about them; the first three probes are of one family. */
export function probeReport(results: readonly ProbeResult[] = oneOfEach()): ProbeReport {
  const probes = oneOfEach().map(({ probe }) => probe);
  return {
    tool: "slotshark 0",
    server: "127.0.0.1:2049",
    families: new Map([
      ["first-requests", probes.slice(0, 3)],
      ["state", probes.slice(3)],
    ]),
    runs: [{ minorVersion: 1, results }],
  };
}

/** What a hostile server might call things. */
export const HOSTILE = "\u001b[2J\u009b31m\u202e\u2028<&\"']]>\ufffe\ud800";
// biome-ignore lint/complexity/useRegexLiterals: readable classes
export const HOSTILE_LEFT = new RegExp(
  "[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u202e\\u2028\\ufffe\\ud800-\\udfff]",
);
