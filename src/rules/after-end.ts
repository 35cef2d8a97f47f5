import type { Call } from "../session/call.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { RuleContext } from "./rule.ts";
import { DELIVERY_NANOS, travelNanos } from "./travel.ts";

/**
 * The call uses a session of which its sender knew that it was over: the reply that ended it was delivered before,
 * and the call repeats nothing from the time before. RFC 8881 §18.37.3
 */
export function isSentAfterEnd(call: Call, session: ObservedSession, isOrdered: RuleContext["isOrdered"]): boolean {
  const { ended, endingCall } = session;
  if (ended === null || endingCall === null || isRepetition(call, endingCall)) return false;
  if (call.connection === endingCall.connection) return call.at - ended.at > travelNanos(call.connection);
  const { closed } = endingCall.connection;
  if (closed !== null && closed.at < call.at && closed.at - ended.at < DELIVERY_NANOS) return false;
  return isOrdered(ended, endingCall.connection, call, call.connection);
}

/** The ending call again, or one that was under way when that was sent. */
function isRepetition(call: Call, endingCall: Call): boolean {
  if (call === endingCall || call.xid === endingCall.xid) return true;
  const { original } = call;
  if (original === null) return false;
  return original === endingCall || original.reply === null || original.reply.at > endingCall.at;
}
