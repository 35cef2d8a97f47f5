import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ganeshaOrSkip } from "../../support/ganesha.ts";
import { machineKind, table } from "../report.ts";
import { cellsOf, compare, HEAD } from "./comparison.ts";
import { buildDriver } from "./driven.ts";
import { endure } from "./endurance.ts";
import { workOnMounts } from "./linux-work.ts";
import { HELP, type LoadOptions, loadOptions } from "./options.ts";
import { GANESHA, slotsharkTarget, type Target } from "./targets.ts";

const options = loadOptions(process.argv.slice(2));
if (options === null) process.stdout.write(HELP);
else if (options.linuxMinutes !== null) await workOnMounts(options.linuxMinutes, (line) => console.log(line));
else await bench(options);

async function bench(options: LoadOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-load-"));
  try {
    const driver = await buildDriver(folder);
    if (options.operations !== null) {
      for (const work of options.works) {
        for (const target of targets(options)) console.log(await endure(driver, target, work, options.operations));
      }
      return;
    }
    const cells: string[][] = [];
    for (const work of options.works) {
      console.error(`${work} …`);
      cells.push(...cellsOf(await compare(driver, targets(options), work, options)));
    }
    const date = new Date().toISOString().slice(0, 10);
    console.log(options.isMarkdown ? `### ${date}, ${machineKind()}\n` : `${machineKind()}\n`);
    console.log(table(HEAD, cells));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Ratios are to the last. */
function targets({ before }: LoadOptions): Target[] {
  const { reason } = ganeshaOrSkip();
  if (reason !== "") console.error(`ganesha is left out: ${reason}`);
  return [
    slotsharkTarget(),
    ...(before === null ? [] : [slotsharkTarget("before", before)]),
    ...(reason === "" ? [GANESHA] : []),
  ];
}
