import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { referringCalls, referringText } from "../referring-calls.ts";
import type { Rule } from "../rule.ts";

const HALF = 0x8000_0000;

/** A reference to what the client has long acknowledged. */
export const referringCallStale: Rule = {
  id: "referring-call-stale",
  severity: "note",
  fault: "server",
  title: "A callback refers to a request whose slot was used again since",
  rfc: "RFC 8881 2.10.6.3",
  help: {
    means:
      "By using the slot again the client showed that it had the reply: the callback cannot have overtaken it, and the server need not name it any more.",
    hurts: "It does not; the client looks for a request that is not outstanding.",
    todo: "In the server, forget the request once its slot comes with the next sequence id.",
  },
  downgrades: { O: 1, M: 1 },
  channel: "back",
  watch({ report, argsOf, isOrdered }) {
    const told = new WeakSet<ObservedSession>();
    // A callback captured near the client left the server before what the client sent half a round trip ago was there.
    const isKnown = (current: Call, callback: Call) =>
      callback.at - current.at > current.connection.roundTripNanos &&
      isOrdered(current, current.connection, callback, callback.connection);
    return {
      "callback-call"(call) {
        const { session } = call;
        if (session === null || told.has(session)) return;
        for (const reference of referringCalls(call, argsOf) ?? []) {
          const slot = session.server.sessions.get(reference.sessionId)?.fore.slots[reference.slotId];
          const current = slot?.current ?? null;
          if (slot === undefined || current === null || !slot.isTrusted) continue;
          const behind = (slot.lastSeq - reference.seq) >>> 0;
          if (behind === 0 || behind >= HALF || !isKnown(current, call)) continue;
          told.add(session);
          report({
            session,
            connection: call.connection,
            since: call.at,
            frames: [current, call],
            message: `a callback refers to ${referringText(reference)}, the slot has gone on to seq ${slot.lastSeq} since`,
          });
          return;
        }
      },
    };
  },
};
