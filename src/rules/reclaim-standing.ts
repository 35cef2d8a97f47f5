import type { Call } from "../session/call.ts";
import type { ObservedClient } from "../session/observed-client.ts";
import { DELIVERY_NANOS } from "./travel.ts";

/**
 * The global RECLAIM_COMPLETE that was answered before `call` was sent and still counts: no restart of the server since
 * asked for another one. Null when there is none. RFC 8881 §18.51.3
 */
export function completedBefore(call: Call, client: ObservedClient, completed = client.reclaimCompleted): Call | null {
  const reply = completed?.reply;
  if (completed === null || reply == null || reply.at > call.at) return null;
  const { closing } = completed.connection;
  const isLost = completed.connection !== call.connection && closing !== null && closing.at - reply.at < DELIVERY_NANOS;
  if (isLost) return null;
  const restarted = Math.max(client.reclaimNeededAt, client.server.restarts.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
  return restarted > reply.at ? null : completed;
}
