import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { keepHeapSmall } from "../../src/sys/heap.ts";

const HEAP = fileURLToPath(new URL("../../src/sys/heap.ts", import.meta.url));

/** Makes objects that live for a while, and tells to how many MiB the heap grew. */
const PROGRAM = `
  const { keepHeapSmall } = await import(process.argv[1]);
  if (process.argv[2] === "small") await keepHeapSmall();
  const living = [];
  let most = 0;
  for (let i = 0; i < 4_000_000; i++) {
    living[i % 150_000] = { number: i, text: [i, i + 1, i + 2] };
    if (i % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  console.log(most / 1048576);
`;

function heapMebibytes(wish: "small" | "usual"): number {
  const args = ["--import=tsx", "--input-type=module", "-e", PROGRAM, HEAP, wish];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

test("the heap is not let grow far beyond what is alive, and V8 knows the flag", () => {
  expect(heapMebibytes("small")).toBeLessThan(heapMebibytes("usual") * 0.8);
});

test("may be asked for again, as by two analyses of one process", async () => {
  await keepHeapSmall();
  await expect(keepHeapSmall()).resolves.toBeUndefined();
});
