import { explainProbe } from "../probe/explain-probe.ts";
import { probeFamilies, probes } from "../probe/index.ts";
import type { ProbeTextOptions } from "../probe/report-text.ts";
import type { Addition } from "../report/explain.ts";
import { faultOf, faults } from "../server/faults/index.ts";
import { Page } from "../text/page.ts";

export const probeIds: readonly string[] = probes.map(({ id }) => id);

/** What there is to say of a rule that the embedded server can break. */
export function additionsTo(rule: string): Addition[] {
  const fault = faultOf(rule);
  if (fault === undefined) return [];
  const noticed = fault.probes.length === 0 ? "No probe must notice" : `Probes that notice: ${fault.probes.join(", ")}`;
  return [
    { title: "To see it", text: `slotshark serve --fault ${fault.id}: a server that ${fault.does}. ${noticed}.` },
  ];
}

/** The page of a probe; null if there is none of that id. */
export function explainedProbe(id: string, options: ProbeTextOptions): string | null {
  for (const [family, members] of probeFamilies) {
    const probe = members.find((member) => member.id === id);
    if (probe === undefined) continue;
    const provokedBy = faults.filter((fault) => fault.probes.includes(id)).map((fault) => fault.id);
    return explainProbe(probe, family, provokedBy, options);
  }
  return null;
}

/** The faults of the embedded server, a line each. */
export function faultListText(options: ProbeTextOptions): string {
  const page = new Page(options.width, options.isColored);
  const columns = Math.max(...faults.map(({ id }) => id.length));
  for (const { id, does } of faults) page.line(`${page.colors.bold(id.padEnd(columns))}  ${does}`);
  return page.text;
}
