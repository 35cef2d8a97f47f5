import type { Command } from "commander";
import { SERVER_OPTIONS } from "../server/options.ts";
import { byteCount, collectList, minorVersions, whole } from "./option-values.ts";

const SLOTS_MAX = 1024;
const LEASE_SECONDS_MAX = 3600;

/** `serve`'s options as commander hands them over. */
export interface ServeFlags {
  listen: string;
  minor: number[];
  slots: number;
  lease: number;
  grace?: number;
  maxBytes: number;
  export?: string;
  fault?: string[];
}

/** Declares them. */
export function addServeOptions(command: Command): Command {
  const { minorVersions: versions, slots, leaseSeconds, bytesMax } = SERVER_OPTIONS;
  return command
    .option("--listen <address>", "HOST:PORT to listen on", "127.0.0.1:20490")
    .option("--minor <versions>", "minor versions to serve: 1, 2 or 1,2", minorVersions, [...versions])
    .option("--slots <number>", "most slots of a session", whole(1, SLOTS_MAX), slots)
    .option("--lease <seconds>", "lease time", whole(1, LEASE_SECONDS_MAX), leaseSeconds)
    .option(
      "--grace <seconds>",
      "time to reclaim in after a restart (default: the lease time)",
      whole(0, LEASE_SECONDS_MAX),
    )
    .option("--max-bytes <bytes>", "memory for the contents of files, as in 512M", byteCount, bytesMax)
    .option(
      "--export <dir>",
      "show a copy of a directory, made at the start, as /export: read-only, and open to all who can connect",
    )
    .option("--fault <rule>", "misbehave on purpose: break this rule (comma list; may be repeated)", collectList);
}
