import { describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { analyzeFiles } from "../support/analyze-captures.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";

/** What pcap-parser can read: nanoseconds and pcapng it cannot. */
const classic = [...captureFiles(FIXTURE_CAPTURES), ...captureFiles(SHARED_CAPTURES)].filter(
  (path) => !/pcapng|nano|\/big_/.test(path),
);

const json = (analysis: Analysis) => [...jsonReport(analysis, EVERYTHING)].join("");

describe("the second reader comes to the same analysis", () => {
  test.each(classic.map((path) => [path.replace(/^.*\/(?=fixtures\/|shared\/)/, ""), path]))("%s", async (_, path) => {
    const warnings: string[] = [];
    const own = await analyzeFiles([path]);
    const other = await analyzeFiles([path], { reader: "pcap-parser", onWarning: (warning) => warnings.push(warning) });
    expect(json(other)).toBe(json(own));
    expect(warnings).toEqual([]);
  });

  test.each(["kn_nano_v42.pcap", "kn_multi_if_v41.pcapng.gz"])("%s: it says that it cannot", async (name) => {
    const reading = analyzeFiles([`${FIXTURE_CAPTURES}/${name}`], { reader: "pcap-parser" });
    await expect(reading).rejects.toThrow(/pcap-parser knows classic microsecond pcap only.*leave out --reader/);
    await expect(reading).rejects.toBeInstanceOf(InputError);
  });
});
