import { expect, test } from "vitest";
import { capture, emptyAnalysis } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("captures name their format, link types, times and damage", () => {
  const damage = [{ offset: 4000, frame: 24, kind: "truncated" as const, message: "the file ends within a packet" }];
  const captures = [
    capture("a.pcapng.gz", { format: "pcapng", compression: "gzip", linkTypes: [1, 113, 1, 999], damage }),
    capture("empty.pcap", { frames: 0, firstAt: null, lastAt: null }),
  ];
  const [first, second] = documentOf(emptyAnalysis({ captures })).captures;
  expect(first).toMatchObject({
    format: "pcapng",
    compression: "gzip",
    linkTypes: ["ethernet", "linux-sll", "linktype-999"],
    firstTime: "1714034809.000100000",
    damage,
  });
  expect(second).toMatchObject({ firstTime: null, lastTime: null });
});
