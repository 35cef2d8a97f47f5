import { expect, test } from "vitest";
import { CurrentFrame } from "../../src/analysis/current-frame.ts";
import { TimeBase } from "../../src/analysis/time-base.ts";
import type { Frame } from "../../src/capture/frame.ts";

const bytes = new Uint8Array(0);
const FRAME: Frame = {
  number: 7,
  capture: 1,
  seconds: 1_700_000_000,
  nanos: 5,
  interfaceId: 2,
  linkType: 1,
  fcsLength: 0,
  bytes,
  offset: 0,
  length: 0,
  originalLength: 0,
};

test("takes number, capture, interface and time of a frame", () => {
  const now = new CurrentFrame(new TimeBase());
  now.set(FRAME);
  expect(now).toMatchObject({ frame: 7, capture: 1, interfaceId: 2, at: 5, hasTime: true });
});

test("a frame without a time keeps its predecessor's", () => {
  const now = new CurrentFrame(new TimeBase());
  now.set(FRAME);
  now.set({ ...FRAME, number: 8, seconds: Number.NaN, nanos: 0 });
  expect(now).toMatchObject({ frame: 8, at: 5, hasTime: false });
  now.set({ ...FRAME, number: 9, nanos: 6 });
  expect(now).toMatchObject({ frame: 9, at: 6, hasTime: true });
});

test("a sighting stays when the frame goes on", () => {
  const now = new CurrentFrame(new TimeBase());
  now.set(FRAME);
  const sighting = now.sighting();
  now.set({ ...FRAME, number: 8 });
  expect(sighting).toEqual({ capture: 1, frame: 7, at: 5 });
});

test("marked frames are revisited, one after the other, and left again", () => {
  const now = new CurrentFrame(new TimeBase());
  now.set(FRAME);
  const first = now.mark();
  now.set({ ...FRAME, number: 8, capture: 0, nanos: 6 });
  const second = now.mark();
  now.set({ ...FRAME, number: 9, nanos: 7 });
  now.revisit(first);
  expect(now).toMatchObject({ frame: 7, capture: 1, at: 5 });
  now.revisit(second);
  expect(now).toMatchObject({ frame: 8, capture: 0, at: 6 });
  now.revisit(null);
  expect(now).toMatchObject({ frame: 9, capture: 1, at: 7 });
  now.revisit(null);
  expect(now).toMatchObject({ frame: 9, at: 7 });
});
