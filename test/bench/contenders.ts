import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const PROGRAM = join(import.meta.dirname, "../../bin/slotshark.js");

/** A command line that is measured. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What slotshark is compared with: programs that read the same capture. */
export interface Peer {
  readonly name: string;
  readonly args: (capture: string) => readonly string[];
}

/** Walks over the frames and counts them. */
export const CAPINFOS: Peer = { name: "capinfos", args: (capture) => ["-c", capture] };

export const PEERS: readonly Peer[] = [
  CAPINFOS,
  { name: "nfstrace", args: (capture) => ["--mode=stat", "-I", capture, "-a", "libbreakdown.so", "-v", "0"] },
  // Left to guess what is on the port it takes up to ten times as long, the more so the longer the capture is.
  { name: "tshark", args: (capture) => ["-q", "-z", "rpc,srt,100003,4", "-d", "tcp.port==2049,rpc", "-r", capture] },
];

export function peer({ name, args }: Peer, capture: string): Contender {
  return { name, command: name, args: args(capture) };
}

export function slotshark(args: readonly string[], name = "slotshark", program = PROGRAM): Contender {
  return { name, command: process.execPath, args: [program, ...args] };
}

export function isInstalled(name: string): boolean {
  return spawnSync("sh", ["-c", 'command -v -- "$1"', "sh", name]).status === 0;
}
