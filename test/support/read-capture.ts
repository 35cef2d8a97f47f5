import { blankFrame } from "../../src/capture/blank-frame.ts";
import { type OpenOptions, openCapture } from "../../src/capture/detect.ts";
import type { Damage, Frame, FrameReader } from "../../src/capture/frame.ts";
import type { ByteSource } from "../../src/sys/byte-source.ts";

/** A frame kept after its reader went on: the bytes are copied. */
export interface KeptFrame {
  number: number;
  capture: number;
  seconds: number;
  nanos: number;
  interfaceId: number;
  linkType: number;
  fcsLength: number;
  originalLength: number;
  bytes: Uint8Array;
}

export function keepFrame(frame: Frame): KeptFrame {
  const { bytes, offset, length, ...rest } = frame;
  return { ...rest, bytes: Uint8Array.from(bytes.subarray(offset, offset + length)) };
}

/** All frames of a reader. */
export async function readFrames(reader: FrameReader): Promise<KeptFrame[]> {
  const frame = blankFrame();
  const frames: KeptFrame[] = [];
  do {
    while (reader.next(frame)) frames.push(keepFrame(frame));
  } while (await reader.fill());
  return frames;
}

export interface ReadCapture {
  frames: KeptFrame[];
  damage: readonly Damage[];
  reader: FrameReader;
}

/** Opens a capture, reads it to its end and closes it. */
export async function readCapture(source: ByteSource, options: OpenOptions = {}): Promise<ReadCapture> {
  const { reader, close } = await openCapture(source, options);
  try {
    return { frames: await readFrames(reader), damage: reader.damage, reader };
  } finally {
    await close();
  }
}
