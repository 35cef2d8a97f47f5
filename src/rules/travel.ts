import type { ObservedConnection } from "../session/observed-connection.ts";

/** Times at two capture points cannot be compared closer than this. */
export const CLOCK_BOUND_NANOS = 500_000;
/** A connection that closes this soon after a reply may have taken the reply with it. */
export const DELIVERY_NANOS = 1e9;

/**
 * How long after a capture near the server saw a reply the client may not have it yet:
 * half of the shortest exchange seen on the connection.
 */
export function travelNanos({ roundTripNanos }: ObservedConnection): number {
  return Number.isFinite(roundTripNanos) ? roundTripNanos / 2 : 0;
}
