import type { Command } from "commander";
import { choice, collectList, minorVersions, whole } from "./option-values.ts";
import { addColorOptions } from "./options.ts";

export const PROBE_FORMATS = ["text", "json", "junit"] as const;
export type ProbeFormat = (typeof PROBE_FORMATS)[number];
/** What `--fail-on` may name: verdicts, the worst first. */
export const FAIL_ON = ["deviates", "inconclusive", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

const SECONDS_MAX = 86_400;

/** `probe`'s options as commander hands them over. */
export interface ProbeFlags {
  export?: string;
  probe?: string[];
  minor: number[];
  user?: string;
  format: ProbeFormat;
  writeCapture?: string;
  resvport?: boolean;
  failOn: FailOn;
  list?: boolean;
  dryRun?: boolean;
  timeLimit: number;
  runLimit: number;
  seed?: string;
  color?: boolean;
}

/** Declares them. */
export function addProbeOptions(command: Command): Command {
  command
    .option("--export <path>", "a directory on the server to make scratch objects in")
    .option("--probe <id>", "only this probe or family (comma list; may be repeated)", collectList)
    .option("--minor <version>", "minor version to speak: 1 or 2, or 1,2 for both", minorVersions, [1])
    .option("--user <uid:gid>", "whom to act for (default: the user of this process)")
    .addOption(choice("-T, --format <format>", PROBE_FORMATS).default("text"))
    .option("--write-capture <file>", "write the traffic to a pcapng file")
    .option("--resvport", "use local ports below 1024, which many servers insist on")
    .addOption(choice("--fail-on <verdict>", FAIL_ON, "exit 1 when a probe ends so or worse: ").default("deviates"))
    .option("--list", "say which probes there are, and run none")
    .option("--dry-run", "say which probes would run, and run none")
    .option("--time-limit <seconds>", "time for one probe", whole(1, SECONDS_MAX), 30)
    .option("--run-limit <seconds>", "time for all of them", whole(1, SECONDS_MAX), 1800)
    .option("--seed <text>", "make client owners and file names from this instead of at random");
  return addColorOptions(command);
}
