import type { Call } from "../session/call.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { Report } from "./rule.ts";

/**
 * What a report on a session operation is about. A SEQUENCE of another session may lead the compound:
 * its slot has no part in it, so the call is left out then.
 */
export function subject(call: Call, session: ObservedSession | null): Pick<Report, "call" | "session" | "connection"> {
  if (call.slotId < 0 || call.session === session) return { call, session };
  return { session, connection: call.connection };
}
