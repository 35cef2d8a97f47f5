import { defineConfig } from "vitest/config";

const RATIO = "test/bench/ratio.test.ts";
const LIVE = ["test/live/*.test.ts", "test/support/linux-guest.test.ts"];
const limits = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: [RATIO, ...LIVE],
          benchmark: { include: ["test/bench/micro/*.bench.ts"] },
          sequence: { groupOrder: 0 },
          ...limits,
        },
      },
      // Real servers and clients have clocks of their own: they do not wait for a machine that is busy with other tests.
      { test: { name: "live", include: LIVE, benchmark: { include: [] }, sequence: { groupOrder: 1 }, ...limits } },
      // What is measured is measured alone, when all else is done.
      { test: { name: "ratio", include: [RATIO], benchmark: { include: [] }, sequence: { groupOrder: 2 }, ...limits } },
    ],
  },
});
