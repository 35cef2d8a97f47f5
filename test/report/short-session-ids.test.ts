import { expect, test } from "vitest";
import { shortSessionIds } from "../../src/report/short-session-ids.ts";

test("eight digits where they tell sessions apart", () => {
  const short = shortSessionIds(["840000006225036b6b00000000000000", "1821036b2bea57090700000000000000"]);
  expect([...short.values()]).toEqual(["1821036b", "84000000"]);
});

test("more where ids share their beginning", () => {
  const short = shortSessionIds(["1821036b2bea57090700000000000000", "1821036b2bea57090800000000000000"]);
  expect(short.get("1821036b2bea57090700000000000000")).toBe("1821036b2bea57090700");
  expect(short.get("1821036b2bea57090800000000000000")).toBe("1821036b2bea57090800");
});

test("no two of a thousand ids get the same name", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => `18210${i % 7}6b${String(i).padStart(8, "0")}${"0".repeat(16)}`);
  expect(new Set(shortSessionIds(ids).values()).size).toBe(1000);
});
