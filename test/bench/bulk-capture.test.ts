import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyze } from "../../src/analysis/analyze.ts";
import { openCapture } from "../../src/capture/detect.ts";
import { openSource } from "../../src/sys/files.ts";
import { writeBulkCapture } from "./bulk-capture.ts";

test("the bulk capture is understood to its last byte and nobody is accused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-bulk-"));
  try {
    const path = join(folder, "bulk.pcap");
    const calls = await writeBulkCapture(path, 16e6);
    const capture = await openCapture(await openSource(path));
    const { totals, coverage, findings } = await analyze([capture]);
    await capture.close();
    expect(totals).toMatchObject({ sequenceCalls: calls, sequenceReplies: calls, unansweredCalls: 0 });
    expect(coverage).toMatchObject({ records: 2 * calls, understood: 2 * calls, bytesLost: 0, gaps: 0 });
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
