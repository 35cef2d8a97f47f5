import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { allSessions } from "../all-sessions.ts";
import type { Rule } from "../rule.ts";
import { slotsText } from "../slot-ranges.ts";

/** A session that was there before the capture. */
export const captureMidSession: Rule = {
  id: "capture-mid-session",
  severity: "note",
  fault: "capture",
  title: "The capture began in the middle of a session",
  rfc: null,
  help: {
    means:
      "The session's CREATE_SESSION is not in the capture. Where each slot stood was taken from the first message on it; what the server granted is not known.",
    hurts:
      "Misuse of a slot's first captured request cannot be seen, rules that need the negotiated limits are off, and findings on a slot are less than certain until three clean exchanges were seen on it.",
    todo: "Start the capture before the client mounts.",
  },
  downgrades: {},
  watch(context) {
    const lastAdoptions = new WeakMap<ObservedSession, Sighting>();
    return {
      "call-adopted"({ session, capture, frame, at }: Call) {
        if (session !== null && session.created === null) lastAdoptions.set(session, { capture, frame, at });
      },
      end() {
        for (const session of allSessions(context.servers)) {
          if (session.created !== null) continue;
          const last = lastAdoptions.get(session);
          const ids = [...session.fore.used()].map(({ id }) => id);
          const slots = ids.length === 0 ? "no slot was used" : `${slotsText(ids)} taken over as first seen`;
          context.report({
            session,
            frames: [session.firstSeen, ...(last === undefined || last.at <= session.firstSeen.at ? [] : [last])],
            message: `session ${session.id}: its CREATE_SESSION was not captured; ${slots}`,
          });
        }
      },
    };
  },
};
