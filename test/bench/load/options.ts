import { parseArgs } from "node:util";
import { WORKS } from "./works.ts";

export const HELP = `npm run bench:load -- [options]: slotshark serve and nfs-ganesha under the same load, in turn

64 slots, 4 connections, a request on its way on each slot. The program has to be built, and ganesha is left out
where it is not installed.

  --seconds N       of each run (5), after one that does not count
  --rounds N        rounds, medians of which are told (3)
  --works NAMES     with commas between: ${Object.keys(WORKS).join(", ")}
  --before PATH     another built slotshark (its bin/slotshark.js), run beside this one
  --operations N    instead: so many operations, GETATTR unless --works names others, and the memory on the way
  --linux MINUTES   instead: two mounts of a Linux guest work on slotshark serve for so long (needs root)
  --markdown        rows for test/bench/RESULTS.md
`;

/** What is to be measured. */
export interface LoadOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly works: readonly string[];
  readonly before: string | null;
  /** Null for a comparison by time. */
  readonly operations: number | null;
  /** Null without a guest. */
  readonly linuxMinutes: number | null;
  readonly isMarkdown: boolean;
}

/** Null where help is wanted. Throws a RangeError for what makes no sense. */
export function loadOptions(args: readonly string[]): LoadOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: "string", default: "5" },
      rounds: { type: "string", default: "3" },
      works: { type: "string" },
      before: { type: "string" },
      operations: { type: "string" },
      linux: { type: "string" },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const operations = values.operations === undefined ? null : above0("--operations", values.operations);
  const works = values.works?.split(",") ?? (operations === null ? Object.keys(WORKS) : ["getattr"]);
  const unknown = works.find((name) => WORKS[name] === undefined);
  if (unknown !== undefined) throw new RangeError(`no work ${unknown}; there are ${Object.keys(WORKS).join(", ")}`);
  return {
    seconds: above0("--seconds", values.seconds),
    rounds: above0("--rounds", values.rounds),
    works,
    before: values.before ?? null,
    operations,
    linuxMinutes: values.linux === undefined ? null : above0("--linux", values.linux),
    isMarkdown: values.markdown,
  };
}

function above0(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`${option} must be a number above 0`);
  return value;
}
