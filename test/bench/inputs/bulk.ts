import { integer } from "../../support/random.ts";
import { ServerFile } from "./files.ts";
import type { Work } from "./mount.ts";
import { Request } from "./request.ts";
import { type Traffic, writeTraffic } from "./traffic.ts";

const FRAMES = 730_000;
const TRANSFER_BYTES = 256 * 1024;
const FILES = 8;
const BLOCKS = 4;
/** Payload of a full Ethernet frame with time stamps in the TCP header. */
const SEGMENT_BYTES = 1448;
/** What the kernel hands to the network card in one piece. */
const SEGMENTS_AT_ONCE = 22;

/** 1.1 GB at factor 1: four clients read and write 256 KiB at a time. */
export function writeBulk(path: string, factor = 1): Traffic {
  return writeTraffic(path, {
    frames: FRAMES * factor,
    mounts: 4,
    connections: 2,
    slots: 30,
    microsApart: 2,
    segmentBytes: SEGMENT_BYTES,
    segmentsAtOnce: SEGMENTS_AT_ONCE,
    work: bulkWork,
  });
}

function bulkWork(next: () => number): Work {
  const requests = Array.from({ length: FILES * BLOCKS }, (_, index) => {
    const file = new ServerFile(index % FILES);
    const offset = BigInt(Math.floor(index / FILES) * TRANSFER_BYTES);
    return [new Request(file.read(TRANSFER_BYTES, offset)), new Request(file.write(TRANSFER_BYTES, offset))];
  }).flat();
  return () => [requests[integer(next, 0, requests.length - 1)]!];
}
