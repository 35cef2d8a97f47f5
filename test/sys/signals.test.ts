import { expect, test } from "vitest";
import { processUser } from "../../src/sys/process-user.ts";
import { onSignal } from "../../src/sys/signals.ts";

test("a signal is told until it is called off", async () => {
  let times = 0;
  const off = onSignal("SIGUSR2", () => times++);
  process.kill(process.pid, "SIGUSR2");
  await expect.poll(() => times).toBe(1);
  off();
  expect(process.listenerCount("SIGUSR2")).toBe(0);
});

test("the user of this process has numbers", () => {
  const { uid, gid } = processUser();
  expect(uid).toBe(process.getuid?.());
  expect(gid).toBe(process.getgid?.());
});
