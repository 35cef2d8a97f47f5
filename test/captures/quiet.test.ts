import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/rules/finding.ts";
import { analyzeFiles, findCapture } from "../support/analyze-captures.ts";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { pathOrSkip } from "../support/require-tool.ts";
import { UNDISTURBED } from "../support/stock-captures.ts";

/** Nothing above a note. */
const QUIET = [...UNDISTURBED, "rotated/kn_rotC_v42"];

/** Stock software in trouble: warnings that are true, no errors; and what explains the trouble must be told. */
const DISTURBED: Record<string, { warnings: readonly string[]; notes: readonly string[] }> = {
  kn_blackout_v42: { warnings: [], notes: [] },
  kn_lease_expiry_v41: {
    warnings: ["lease-expired-use", "conn-reset-with-outstanding"],
    notes: ["create-session-stale"],
  },
  kn_retransmit_head_v41: { warnings: [], notes: ["retry-after-disconnect", "conn-reset-with-outstanding"] },
  kn_retransmit_v41: { warnings: [], notes: ["retry-after-disconnect", "conn-reset-with-outstanding"] },
  kn_server_restart_v42: {
    warnings: ["conn-reset-with-outstanding"],
    notes: ["badsession-for-live", "create-session-stale", "retry-after-disconnect"],
  },
};

const shared = pathOrSkip(SHARED_CAPTURES);

function filesOf(name: string): string[] {
  if (name.startsWith("rotated/"))
    return shared.skip ? [] : ["", "1"].map((part) => `${SHARED_CAPTURES}/${name}.pcap${part}`);
  const path = findCapture(name);
  return path === null ? [] : [path];
}

const title = (name: string) => (filesOf(name).length > 0 ? name : `${name} (${shared.reason})`);
const tell = ({ severity, rule, message }: Finding) => `${severity} ${rule.id}: ${message}`;

describe("undisturbed traffic of stock software", () => {
  for (const name of QUIET) {
    test.skipIf(filesOf(name).length === 0)(title(name), async () => {
      const { findings } = await analyzeFiles(filesOf(name));
      expect(findings.filter(({ severity }) => severity !== "note").map(tell)).toEqual([]);
      for (const { fault, rule } of findings) expect({ rule: rule.id, fault }).not.toMatchObject({ fault: "server" });
    });
  }
});

describe("disturbed traffic of stock software", () => {
  for (const [name, expected] of Object.entries(DISTURBED)) {
    test.skipIf(filesOf(name).length === 0)(title(name), async () => {
      const { findings } = await analyzeFiles(filesOf(name));
      const ids = (severity: string) =>
        findings.filter((finding) => finding.severity === severity).map(({ rule }) => rule.id);
      expect(findings.filter(({ severity }) => severity === "error").map(tell)).toEqual([]);
      expect(ids("warning")).toEqual(expected.warnings);
      expect(ids("note")).toEqual(expect.arrayContaining([...expected.notes]));
    });
  }

  test.skipIf(shared.skip)(title("kn_dropped2pct_v41"), async () => {
    const { findings } = await analyzeFiles(filesOf("kn_dropped2pct_v41"));
    const accused = findings.filter(({ severity, fault }) => severity !== "note" && /client|server/.test(fault));
    expect(accused.map(tell)).toEqual([]);
    expect(findings.filter(({ severity }) => severity === "error").map(tell)).toEqual([]);
  });
});
