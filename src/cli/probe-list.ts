import { probeFamilies } from "../probe/index.ts";
import type { Probe } from "../probe/probe.ts";
import type { ProbeTextOptions } from "../probe/report-text.ts";
import { Page } from "../text/page.ts";

/** The probes, family by family, with what keeps them from being run. */
export function probeListText(listed: readonly Probe[], canWrite: boolean, options: ProbeTextOptions): string {
  const page = new Page(options.width, options.isColored);
  const columns = Math.max(...listed.map(({ id }) => id.length));
  for (const [family, members] of probeFamilies) {
    const shown = members.filter((probe) => listed.includes(probe));
    if (shown.length === 0) continue;
    page.line(page.colors.bold(family));
    for (const probe of shown) page.line(`  ${probe.id.padEnd(columns)}  ${probe.title}${remark(probe, canWrite)}`);
  }
  return page.text;
}

function remark({ optIn, writes }: Probe, canWrite: boolean): string {
  const remarks = [
    ...(optIn === undefined ? [] : [`only when named: ${optIn}`]),
    ...(writes === true && !canWrite ? ["needs --export"] : []),
  ];
  return remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
}
