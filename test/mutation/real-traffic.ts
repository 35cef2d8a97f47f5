import { existsSync, readFileSync } from "node:fs";
import { captureBytes, findCapture } from "../support/analyze-captures.ts";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { memorySource } from "../support/memory-source.ts";
import { type KeptFrame, readCapture } from "../support/read-capture.ts";
import { readTraffic } from "./read-traffic.ts";
import type { Traffic } from "./traffic.ts";

/**
 * Stock software with nothing in its way, captured whole. That of kn_snap200_v42 is not among them: what its snap
 * length cut cannot be written anew.
 */
const UNDISTURBED = [
  "gn_meta_vfs_v42",
  "gn_mount_v41",
  "gn_nconnect4_v41",
  "kn_any_sll2_v42",
  "kn_any_sll_v41",
  "kn_deleg_recall_v41",
  "kn_ipv6_v41",
  "kn_meta_v41",
  "kn_midsession_v41",
  "kn_mixed_v3_v40_v41_v42",
  "kn_mount_v41",
  "kn_mount_v42",
  "kn_multi_if_v41",
  "kn_nano_v42",
  "kn_parallel_v41",
  "kn_vlan100_v42",
];
const ROTATED = ["kn_rotC_v42.pcap", "kn_rotC_v42.pcap1"];

/** The frames of a capture in memory. */
export async function framesOf(bytes: Uint8Array): Promise<readonly KeptFrame[]> {
  return (await readCapture(memorySource(bytes))).frames;
}

/** Those of the undisturbed captures that are there, as messages. */
export async function undisturbedTraffic(): Promise<{ name: string; traffic: Traffic }[]> {
  const found = [];
  for (const name of UNDISTURBED.filter((candidate) => findCapture(candidate) !== null))
    found.push({ name, traffic: readTraffic(await framesOf(captureBytes(name))) });
  const rotated = ROTATED.map((file) => `${SHARED_CAPTURES}/rotated/${file}`);
  if (!rotated.every((path) => existsSync(path))) return found;
  const parts = await Promise.all(rotated.map((path) => framesOf(readFileSync(path))));
  return [...found, { name: "kn_rotC_v42", traffic: readTraffic(parts.flat()) }];
}
