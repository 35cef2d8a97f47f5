import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";
import { integer, random } from "../support/random.ts";
import { strictSchema } from "../support/schema.ts";
import { linesOf } from "../support/stream-lines.ts";

const validate = strictSchema();
const ROUNDS = 400;
const FORMATS = [[], ["-T", "json"], ["-T", "ndjson", "--records"]];
const BASES = ["pynfs-SEQ13.pcap", "kn_mount_v41.pcap"].map((name) => readFileSync(join(FIXTURE_CAPTURES, name)));

/** A capture with some bytes overwritten, cut out or cut off; every fourth is packed afterwards. */
function damaged(seed: number): Buffer {
  const next = random(seed);
  const base = BASES[seed % BASES.length] as Buffer;
  let bytes = Buffer.from(base);
  for (let left = integer(next, 1, 12); left > 0; left--) {
    const at = integer(next, 0, bytes.length - 1);
    const kind = next();
    if (kind < 0.8) bytes[at] = integer(next, 0, 255);
    else if (kind < 0.9) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + integer(next, 1, 99))]);
    else if (at > 24) bytes = bytes.subarray(0, at);
    if (bytes.length === 0) return bytes;
  }
  return seed % 4 === 0 ? gzipSync(bytes) : bytes;
}

test("no damaged capture breaks the program, its output or its contract", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-hostile-"));
  const path = join(folder, "x.pcap");
  try {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      writeFileSync(path, damaged(seed));
      const terminal = new FakeTerminal();
      const format = FORMATS[seed % FORMATS.length]!;
      const status = await main(["analyze", ...format, path], terminal);
      const { stdout, stderr } = terminal;
      expect([0, 2], `seed ${seed}: ${stderr.text}`).toContain(status);
      expect(stderr.text, `seed ${seed}`).not.toContain("internal error");
      expect(stdout.text + stderr.text, `seed ${seed}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      if (status === 0 && format.includes("ndjson")) linesOf(stdout.text);
      if (status !== 0 || !format.includes("json")) continue;
      expect(validate(JSON.parse(stdout.text)), `seed ${seed}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
