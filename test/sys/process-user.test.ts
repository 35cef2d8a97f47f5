import { expect, test } from "vitest";
import { processUser } from "../../src/sys/process-user.ts";

test("the user is the one of this process", () => {
  expect(processUser()).toEqual({ uid: process.getuid?.(), gid: process.getgid?.() });
});
