import { expect, test } from "vitest";
import { Page } from "../../src/text/page.ts";

test("labelled text hangs below itself", () => {
  const page = new Page(40, false);
  page.labelled("what", "a text that is longer than the forty columns there are");
  expect(page.text).toBe("  what      a text that is longer than\n            the forty columns there are\n");
});

test("what is to be pasted stays in one piece", () => {
  const page = new Page(40, false);
  page.pasteable("filter", `frame.number in {${"1234, ".repeat(20)}1}`);
  expect(page.text.match(/\n/g)).toHaveLength(1);
});

test("never two blank lines, none at the top", () => {
  const page = new Page(80, false);
  page.blank();
  page.line("a");
  page.blank();
  page.blank();
  page.line("b");
  expect(page.text).toBe("a\n\nb\n");
});

test("colours go around each line, not across the break", () => {
  const page = new Page(40, true);
  page.paragraph("words ".repeat(12).trim(), 0, page.colors.red);
  for (const line of page.text.trimEnd().split("\n")) expect(line).toMatch(/^\u001b\[31m.*\u001b\[39m$/);
});
