import { expect, test } from "vitest";
import { linkTypeName } from "../../src/report/link-type-name.ts";

test.each([
  [1, "ethernet"],
  [101, "raw"],
  [113, "linux-sll"],
  [276, "linux-sll2"],
  [65_535, "linktype-65535"],
])("link type %i is %s", (number, name) => {
  expect(linkTypeName(number)).toBe(name);
});
