import type { Frame } from "./frame.ts";

/** A fresh frame for readers to fill. */
export function blankFrame(capture = 0): Frame {
  return {
    number: 0,
    capture,
    // Not a small integer: those are stored otherwise than the times that follow.
    seconds: Number.NaN,
    nanos: 0,
    interfaceId: 0,
    linkType: 0,
    fcsLength: 0,
    bytes: new Uint8Array(0),
    offset: 0,
    length: 0,
    originalLength: 0,
  };
}
