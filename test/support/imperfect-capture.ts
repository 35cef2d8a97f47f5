import type { Frame } from "../../src/capture/frame.ts";
import { LINK } from "./network-packets.ts";
import { integer, pick } from "./random.ts";
import type { RecordingWire } from "./recording-wire.ts";
import { Wire } from "./scenario-wire.ts";

const START_SECONDS = 1_700_000_000;

/** What a capture makes of the traffic. */
export interface Flaws {
  /** 0 at the client, 1 at the server. */
  place: number;
  /** Part of the frames that it does not hold. */
  lossRate: number;
  duplicateRate: number;
  snapLength: number;
  /** Part of the frames after which it begins. */
  start: number;
  /** Behind by so much: what the server sends, or every other connection, comes from a second interface. */
  skewNanos: number;
  skewed: "replies" | "connections";
}

export const NO_FLAWS: Flaws = {
  place: 0,
  lossRate: 0,
  duplicateRate: 0,
  snapLength: Number.POSITIVE_INFINITY,
  start: 0,
  skewNanos: 0,
  skewed: "replies",
};

/** Flaws of any kind, most of them absent. */
export function anyFlaws(next: () => number): Flaws {
  const chance = (part: number) => next() < part;
  return {
    place: pick(next, [0, 0.5, 1]),
    lossRate: chance(0.5) ? pick(next, [0.001, 0.01, 0.05]) : 0,
    duplicateRate: chance(0.2) ? 0.1 : 0,
    snapLength: chance(0.15) ? integer(next, 96, 400) : Number.POSITIVE_INFINITY,
    start: chance(0.3) ? next() * 0.7 : 0,
    skewNanos: chance(0.3) ? integer(next, 1, 1000) * 1000 : 0,
    skewed: pick(next, ["replies", "connections"]),
  };
}

/** The same traffic as that capture holds it, analysed. Frame numbers are those of the recording without flaws. */
export function captured(recording: RecordingWire, flaws: Flaws, next: () => number): Wire {
  const frames = recording.recorded.map(({ at, packet, fromServer, connection }) => {
    const towards = flaws.place * recording.latencyNanos * (fromServer ? -1 : 1);
    const isSecond = flaws.skewed === "replies" ? fromServer : connection % 2 === 1;
    const interfaceId = isSecond && flaws.skewNanos > 0 ? 1 : 0;
    return { at: at + towards + (interfaceId === 1 ? flaws.skewNanos : 0), packet, interfaceId };
  });
  frames.sort((a, b) => a.at - b.at);
  const wire = new Wire();
  const first = Math.floor(frames.length * flaws.start);
  for (const frame of frames.slice(first)) {
    if (flaws.lossRate > 0 && next() < flaws.lossRate) continue;
    pushFrame(wire, frame, flaws.snapLength);
    if (flaws.duplicateRate > 0 && next() < flaws.duplicateRate)
      pushFrame(wire, { ...frame, at: frame.at + 2000 }, flaws.snapLength);
  }
  return wire;
}

function pushFrame(
  wire: Wire,
  { at, packet, interfaceId }: { at: number; packet: Uint8Array; interfaceId: number },
  snapLength: number,
): void {
  const frame: Frame = {
    number: ++wire.frames,
    capture: 0,
    seconds: START_SECONDS + Math.floor(at / 1e9),
    nanos: Math.floor(at % 1e9),
    interfaceId,
    linkType: LINK.raw,
    fcsLength: 0,
    bytes: packet,
    offset: 0,
    length: Math.min(packet.length, snapLength),
    originalLength: packet.length,
  };
  wire.analyzer.push(frame);
}
