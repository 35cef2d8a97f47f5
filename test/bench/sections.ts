import { statSync } from "node:fs";
import { join } from "node:path";
import { FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { BIG_META, generated, type Place, packed, unpacked } from "./captures.ts";
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

/** Contenders that are run in turn, and what they have to show. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** Of the capture, unpacked; null where its length says nothing. */
  readonly bytes: number | null;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

export interface Plan extends Place {
  /** Another built slotshark, run beside this one. */
  readonly before: string | null;
}

const PEAK = peakAtMost(PEAK_MEGABYTES);

const INPUT_GOALS: Readonly<Record<Input["name"], readonly Goal[]>> = {
  metadata: [atMostTimes(3, "capinfos"), timesFasterThan(2, "nfstrace"), timesFasterThan(12, "tshark"), PEAK],
  lossy: [timesFasterThan(5, "nfstrace"), timesFasterThan(20, "tshark"), PEAK],
  bulk: [atMostTimes(2, "capinfos"), timesFasterThan(12, "tshark"), PEAK],
  "many-sessions": [],
};

const METADATA = inputOf("metadata");
const BULK = inputOf("bulk");
const PACKERS = ["gzip", "zstd", "lz4"];

/** The sections by name, each made only when it is its turn: that may write its capture. Null where it has none. */
export const SECTIONS: Readonly<Record<string, (plan: Plan) => Section | null>> = {
  ...Object.fromEntries(INPUTS.map((input) => [input.name, (plan: Plan) => ofInput(input, plan)])),
  "big-meta": (plan) => ofBigMeta(plan, unpacked(plan), "unpacked"),
  "big-meta-zst": (plan) => ofBigMeta(plan, unpacked(plan) && BIG_META, "packed by zstd"),
  "metadata-formats": (plan) => ofFormats("metadata", plan),
  "bulk-formats": (plan) => ofFormats("bulk", plan),
  ...Object.fromEntries(PACKERS.map((program) => [`jobs-${program}`, (plan: Plan) => ofPacked(program, plan)])),
  "jobs-plain": (plan) => ofJobs("plain", [generated(METADATA, plan)]),
  "jobs-two-plain": (plan) => ofJobs("two-plain", [generated(METADATA, plan), generated(BULK, plan)]),
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
    goals: INPUT_GOALS[input.name],
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
    goals: [atMostTimes(3, "capinfos"), timesFasterThan(12, "tshark"), PEAK],
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

/** Unpacking beside the analysis; null where nothing packs like that here. */
function ofPacked(program: string, plan: Plan): Section | null {
  const capture = packed(generated(METADATA, plan), program, plan);
  return capture === null ? null : ofJobs(program, [capture]);
}

function ofJobs(how: string, captures: readonly string[]): Section {
  const contenders = ["1", "2"].map((jobs) => slotshark(["analyze", "--jobs", jobs, ...captures], `--jobs ${jobs}`));
  return { name: `jobs-${how}`, title: `metadata by threads, ${how}`, bytes: null, contenders, goals: [] };
}

function inputOf(name: Input["name"]): Input {
  return INPUTS.find((input) => input.name === name)!;
}

function ofFormats(name: "metadata" | "bulk", plan: Plan): Section {
  const capture = generated(inputOf(name), plan);
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
