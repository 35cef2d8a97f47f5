import { Page } from "../text/page.ts";
import type { Probe, ProbeFamily } from "./probe.ts";
import type { ProbeTextOptions } from "./report-text.ts";

/** All there is to know of a probe; `provokedBy`: faults of the embedded server that it notices. */
export function explainProbe(
  probe: Probe,
  family: ProbeFamily,
  provokedBy: readonly string[],
  options: ProbeTextOptions,
): string {
  const page = new Page(options.width, options.isColored);
  page.paragraph(`${probe.id}: ${probe.title}`, 0, page.colors.bold);
  page.labelled("probe", `of the family ${family}`);
  page.labelled("source", probe.rfc);
  if (probe.pynfs !== undefined) page.labelled("pynfs", probe.pynfs.join(", "));
  if (probe.writes === true) page.labelled("needs", "--export: it makes objects, and removes them again");
  if (probe.optIn !== undefined) page.labelled("runs", `only when named: ${probe.optIn}`);
  section(page, "What is required", probe.requires);
  if (probe.permits !== undefined) section(page, "What is permitted as well", probe.permits);
  if (probe.knownDeviations !== undefined) section(page, "Known to deviate", probe.knownDeviations);
  if (provokedBy.length > 0) section(page, "To see it fail", `slotshark serve --fault ${provokedBy.join(" or ")}`);
  return page.text;
}

function section(page: Page, title: string, text: string): void {
  page.blank();
  page.paragraph(title, 0, page.colors.bold);
  page.paragraph(text, 2);
}
