import type { Probe } from "../probe.ts";
import { busyNext } from "./busy-next.ts";
import { inProgressSameConn } from "./in-progress-same-conn.ts";
import { inProgressTwoConns } from "./in-progress-two-conns.ts";
import { pipeliningSameSlot } from "./pipelining-same-slot.ts";
import { slotIndependence } from "./slot-independence.ts";

/** What happens while a request still runs. */
export const inProgressProbes: readonly Probe[] = [
  inProgressSameConn,
  inProgressTwoConns,
  busyNext,
  pipeliningSameSlot,
  slotIndependence,
];
