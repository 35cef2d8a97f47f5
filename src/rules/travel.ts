import type { Call } from "../session/call.ts";

/**
 * How long after a capture near the server saw a reply the client may not have it yet:
 * half of the shortest exchange seen on the connection. RULES.md C.4
 */
export function travelNanos({ connection }: Call): number {
  return Number.isFinite(connection.roundTripNanos) ? connection.roundTripNanos / 2 : 0;
}
