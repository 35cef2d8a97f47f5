import { describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";
import { strictSchema } from "../support/schema.ts";
import { linesOf } from "../support/stream-lines.ts";

const validate = strictSchema();
/** The benchmark's capture tells nothing that the small ones do not. */
const captures = [...captureFiles(FIXTURE_CAPTURES), ...captureFiles(SHARED_CAPTURES)].filter(
  (path) => !path.includes("/big_"),
);

async function run(...argv: string[]): Promise<string> {
  const terminal = new FakeTerminal();
  expect(await main(["analyze", ...argv], terminal)).toBe(0);
  expect(terminal.stderr.text).toBe("");
  return terminal.stdout.text;
}

describe("every capture at hand", () => {
  test.each(captures)("%s", async (path) => {
    const document = JSON.parse(await run("-T", "json", path));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    for (const { frames, frameCaptures, id } of document.findings)
      expect(frameCaptures, id).toHaveLength(frames.length);
    const ids = document.findings.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const text = await run(path);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text.startsWith("No ")).toBe(document.summary.errors + document.summary.warnings === 0);
    const stream = await run("-T", "ndjson", "--records", path);
    expect(stream).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(linesOf(stream).at(-1).summary).toEqual(document.summary);
  });
});
