import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { isInstalled } from "./contenders.ts";
import type { Input } from "./inputs/index.ts";

/** Real traffic of the Linux client, packed by zstd. */
export const BIG_META = join(SHARED_CAPTURES, "big_meta_v42.pcap.zst");

/** Where captures are kept, and how long the generated ones are. */
export interface Place {
  /** Those that are there already are not written again. */
  readonly folder: string;
  /** Of the generated captures' length. */
  readonly factor: number;
}

export function generated(input: Input, { folder, factor }: Place): string {
  return made(join(folder, `${input.name}-${factor}.pcap`), (path) => {
    input.write(path, factor);
    return true;
  });
}

/** BIG_META, unpacked; null without it. */
export function unpacked({ folder }: Place): string | null {
  if (!existsSync(BIG_META) || !isInstalled("zstd")) return null;
  return made(join(folder, "big-meta.pcap"), (path) => writtenBy(path, "zstd", ["-dc", BIG_META]));
}

/** The capture packed quickly; null where the program that does it is not installed. */
export function packed(capture: string, program: string, { folder }: Place): string | null {
  if (!isInstalled(program)) return null;
  return made(join(folder, `${basename(capture)}.${program}`), (path) =>
    writtenBy(path, program, ["-1", "-c", capture]),
  );
}

function writtenBy(path: string, program: string, args: readonly string[]): boolean {
  const file = openSync(path, "w");
  const { status } = spawnSync(program, args, { stdio: ["ignore", file, "inherit"] });
  closeSync(file);
  return status === 0;
}

/** The path, once the file is there as a whole. */
function made(path: string, make: (path: string) => boolean): string {
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished`;
  if (!make(unfinished)) throw new Error(`${path} could not be made`);
  renameSync(unfinished, path);
  return path;
}
