import { expect, test } from "vitest";
import { batchBytesFor } from "../../src/cli/reading-threads.ts";

test.each([
  [1, 1_048_576],
  [32, 1_048_576],
  [64, 524_288],
  [1_000_000, 65_536],
])("of %i captures read at once %i bytes each travel together", (captures, bytes) => {
  expect(batchBytesFor(captures)).toBe(bytes);
});
