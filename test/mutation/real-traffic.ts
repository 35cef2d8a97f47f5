import { existsSync, readFileSync } from "node:fs";
import { captureBytes, findCapture } from "../support/analyze-captures.ts";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { memorySource } from "../support/memory-source.ts";
import { type KeptFrame, readCapture } from "../support/read-capture.ts";
import { UNDISTURBED } from "../support/stock-captures.ts";
import { readTraffic } from "./read-traffic.ts";
import type { Traffic } from "./traffic.ts";

/** Captured whole: what the snap length of kn_snap200_v42 cut cannot be written anew. */
const WHOLE = UNDISTURBED.filter((name) => name !== "kn_snap200_v42");
const ROTATED = ["kn_rotC_v42.pcap", "kn_rotC_v42.pcap1"];

/** The frames of a capture in memory. */
export async function framesOf(bytes: Uint8Array): Promise<readonly KeptFrame[]> {
  return (await readCapture(memorySource(bytes))).frames;
}

/** Those of the undisturbed captures that are there, as messages. */
export async function undisturbedTraffic(): Promise<{ name: string; traffic: Traffic }[]> {
  const found = [];
  for (const name of WHOLE.filter((candidate) => findCapture(candidate) !== null))
    found.push({ name, traffic: readTraffic(await framesOf(captureBytes(name))) });
  const rotated = ROTATED.map((file) => `${SHARED_CAPTURES}/rotated/${file}`);
  if (!rotated.every((path) => existsSync(path))) return found;
  const parts = await Promise.all(rotated.map((path) => framesOf(readFileSync(path))));
  return [...found, { name: "kn_rotC_v42", traffic: readTraffic(parts.flat()) }];
}
