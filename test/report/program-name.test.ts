import { expect, test } from "vitest";
import { programName } from "../../src/report/program-name.ts";

test.each([
  ["100003.3", "NFSv3"],
  ["100003.4", "NFSv4 NULL"],
  ["100000.2", "portmapper v2"],
  ["300000.7", "RPC program 300000 v7"],
])("%s is %s", (key, name) => {
  expect(programName(key)).toBe(name);
});
