import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { type Contender, isInstalled, PEERS, peer, slotshark } from "./contenders.ts";
import {
  atMostBeyond,
  atMostTimes,
  type Goal,
  peakAtMost,
  peakAtMostTimes,
  speedAtLeast,
  timesFasterThan,
} from "./goals.ts";
import { INPUTS, type Input } from "./inputs/index.ts";

const PEAK_MEGABYTES = 160;
const LONG_FACTOR = 10;
/** What the names of the sections begin with that take their time. */
export const LONG = "long-";
const MOUNT = join(FIXTURE_CAPTURES, "kn_mount_v41.pcap");
const BIG_META = join(SHARED_CAPTURES, "big_meta_v42.pcap.zst");

/** Contenders that are run in turn, and what they have to show. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** Of the capture, unpacked; null where its length says nothing. */
  readonly bytes: number | null;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

export interface Plan {
  /** Where captures are kept; those that are there already are not written again. */
  readonly folder: string;
  /** Of the generated captures' length. */
  readonly factor: number;
  /** Another built slotshark, run beside this one. */
  readonly before: string | null;
}

const INPUT_GOALS: Readonly<Record<Input["name"], readonly Goal[]>> = {
  metadata: [atMostTimes(3, "capinfos"), timesFasterThan(2, "nfstrace"), timesFasterThan(12, "tshark")],
  lossy: [timesFasterThan(5, "nfstrace"), timesFasterThan(20, "tshark")],
  bulk: [atMostTimes(2, "capinfos"), timesFasterThan(12, "tshark")],
  "many-sessions": [],
};

/** The sections by name, each made only when it is its turn: that may write its capture. Null where it has none. */
export const SECTIONS: Readonly<Record<string, (plan: Plan) => Section | null>> = {
  ...Object.fromEntries(INPUTS.map((input) => [input.name, (plan: Plan) => ofInput(input, plan)])),
  "big-meta": (plan) => ofBigMeta(plan, unpacked(plan), "unpacked"),
  "big-meta-zst": (plan) => ofBigMeta(plan, unpacked(plan) && BIG_META, "packed by zstd"),
  "metadata-formats": (plan) => ofFormats("metadata", plan),
  "bulk-formats": (plan) => ofFormats("bulk", plan),
  "start-up": startUp,
  ...Object.fromEntries(
    INPUTS.filter(({ name }) => name !== "many-sessions").map((input) => [
      `${LONG}${input.name}`,
      (plan: Plan) => ofLength(input, plan),
    ]),
  ),
};

function ofInput(input: Input, plan: Plan): Section {
  const capture = generated(input, plan);
  return {
    name: input.name,
    title: input.title,
    bytes: statSync(capture).size,
    contenders: readers(capture, plan, PEERS),
    goals: [...INPUT_GOALS[input.name], peakAtMost(PEAK_MEGABYTES)],
  };
}

/** Real traffic of the Linux client; null without it. nfstrace knows no minor version 2. */
function ofBigMeta(plan: Plan, capture: string | null, how: string): Section | null {
  const plain = unpacked(plan);
  if (capture === null || plain === null) return null;
  return {
    name: how === "unpacked" ? "big-meta" : "big-meta-zst",
    title: `big_meta_v42, ${how}`,
    bytes: statSync(plain).size,
    contenders: readers(
      capture,
      plan,
      PEERS.filter(({ name }) => name !== "nfstrace"),
    ),
    goals: [atMostTimes(3, "capinfos"), timesFasterThan(12, "tshark"), peakAtMost(PEAK_MEGABYTES)],
  };
}

function readers(capture: string, { before }: Plan, peers: typeof PEERS): Contender[] {
  const args = ["analyze", capture];
  return [
    slotshark(args),
    ...(before === null ? [] : [slotshark(args, "before", before)]),
    ...peers.filter(({ name }) => isInstalled(name)).map((each) => peer(each, capture)),
  ];
}

function ofFormats(name: "metadata" | "bulk", plan: Plan): Section {
  const capture = generated(INPUTS.find((input) => input.name === name)!, plan);
  const bytes = statSync(capture).size;
  const format = (label: string, ...options: string[]) => slotshark(["analyze", "-T", ...options, capture], label);
  const ndjson = ["ndjson", "ndjson --records"];
  return {
    name: `${name}-formats`,
    title: `${name}, report formats`,
    bytes,
    contenders: [
      format("text", "text"),
      format("json", "json"),
      ...ndjson.map((label) => format(label, ...label.split(" "))),
    ],
    goals: [
      atMostTimes(1.3, "text", "json"),
      ...ndjson.map((label) => (name === "bulk" ? speedAtLeast(300, bytes, label) : atMostTimes(3, "text", label))),
    ],
  };
}

function startUp(): Section {
  const node: Contender = { name: "node -e 0", command: process.execPath, args: ["-e", "0"] };
  const contenders = [node, slotshark(["--version"], "--version"), slotshark(["analyze", MOUNT], "analyze of 15 KB")];
  const goals = contenders.slice(1).map(({ name }) => atMostBeyond(60, 1.5, node.name, name));
  return { name: "start-up", title: "start-up", bytes: null, contenders, goals };
}

/** Memory over ten times the length. */
function ofLength(input: Input, plan: Plan): Section {
  const once = generated(input, plan);
  const tenTimes = generated(input, { ...plan, factor: plan.factor * LONG_FACTOR });
  const contenders = [slotshark(["analyze", once], "once"), slotshark(["analyze", tenTimes], "ten times the length")];
  const goals = [
    peakAtMostTimes(1.1, "once", "ten times the length"),
    peakAtMost(PEAK_MEGABYTES, "ten times the length"),
  ];
  const title = `${input.title}, once and ten times the length`;
  return { name: `${LONG}${input.name}`, title, bytes: null, contenders, goals };
}

function generated(input: Input, { folder, factor }: Plan): string {
  return made(join(folder, `${input.name}-${factor}.pcap`), (path) => {
    input.write(path, factor);
    return true;
  });
}

function unpacked({ folder }: Plan): string | null {
  if (!existsSync(BIG_META) || !isInstalled("zstd")) return null;
  return made(join(folder, "big-meta.pcap"), (path) => {
    const file = openSync(path, "w");
    const { status } = spawnSync("zstd", ["-dc", BIG_META], { stdio: ["ignore", file, "inherit"] });
    closeSync(file);
    return status === 0;
  });
}

/** The path, once the file is there as a whole. */
function made(path: string, make: (path: string) => boolean): string {
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished`;
  if (!make(unfinished)) throw new Error(`${path} could not be made`);
  renameSync(unfinished, path);
  return path;
}
