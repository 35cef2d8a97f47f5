import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { jsonOf, machineKind, markdownOf, type Outcome, outcome, textOf } from "./report.ts";
import { interleaved } from "./rounds.ts";
import { LONG, type Plan, SECTIONS } from "./sections.ts";

const HELP = `npm run bench -- [options]: the built program beside others that read the same captures, in the same run

  --rounds N      rounds, medians of which are told (5)
  --size FACTOR   length of the generated captures (1: some hundred MB)
  --short         3 rounds, captures of a twentieth of the length
  --long          also memory over ten times the length (writes captures of 3 to 11 GB)
  --only NAMES    these sections, with commas between: ${Object.keys(SECTIONS).join(", ")}
  --folder PATH   keeps captures there and uses those that are there (a temporary folder)
  --before PATH   another built slotshark (its bin/slotshark.js), run beside this one
  --json          figures as JSON
  --markdown      rows for test/bench/RESULTS.md
`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    size: { type: "string" },
    short: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    only: { type: "string" },
    folder: { type: "string" },
    before: { type: "string" },
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await bench();

async function bench(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "slotshark-bench-"));
  const folder = values.folder ?? scratch;
  const factor = Number(values.size ?? (values.short ? 0.05 : 1));
  const rounds = Number(values.rounds ?? (values.short ? 3 : 5));
  if (!(factor > 0) || !(rounds >= 1)) throw new RangeError("--size and --rounds must be numbers above 0");
  try {
    mkdirSync(folder, { recursive: true });
    await show({ folder, factor, before: values.before ?? null }, rounds, scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Figures go to the standard output; text as soon as there are any. */
async function show(plan: Plan, rounds: number, scratch: string): Promise<void> {
  const isText = !values.json && !values.markdown;
  if (isText) console.log(`${machineKind()}; medians of ${rounds} rounds`);
  const outcomes: Outcome[] = [];
  for (const name of sectionNames()) {
    console.error(`${name} …`);
    const section = SECTIONS[name]!(plan);
    if (section === null) console.error(`${name}: left out, its capture is not there`);
    else {
      const measured = outcome(section, await interleaved(section.contenders, rounds, scratch));
      outcomes.push(measured);
      if (isText) console.log(`\n${textOf(measured)}`);
    }
  }
  if (values.json) console.log(JSON.stringify(jsonOf(outcomes), null, 2));
  if (values.markdown) console.log(markdownOf(outcomes));
}

function sectionNames(): string[] {
  if (values.only === undefined) return Object.keys(SECTIONS).filter((name) => !name.startsWith(LONG) || values.long);
  const names = values.only.split(",");
  const unknown = names.find((name) => SECTIONS[name] === undefined);
  if (unknown !== undefined)
    throw new RangeError(`no section ${unknown}; there are ${Object.keys(SECTIONS).join(", ")}`);
  return names;
}
