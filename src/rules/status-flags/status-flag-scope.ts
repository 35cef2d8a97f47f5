import { SEQ4_STATUS_CB_PATH_DOWN } from "../../nfs4/constants.ts";
import type { FlagPeriod } from "../../session/flag-history.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { hasLivingBackChannel, hasOpenBackChannel, hasUnansweredCallbacks } from "../back-channels.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Since when the flag has been set beside a back channel that works. */
interface Contradiction {
  readonly since: number;
  replies: number;
}

/** The flag for the whole client, where only one session is without back channel. */
export const statusFlagScope: Rule = {
  id: "status-flag-scope",
  severity: "note",
  fault: "server",
  title: "CB_PATH_DOWN is set although another session of the client has a back channel",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "CB_PATH_DOWN says that no session of the client ID has a back channel. This session has none, but another one of the client has a connection bound to its back channel.",
    hurts: "The client recovers a callback path that it still has; some do so by resetting sessions.",
    todo: "In the server, use CB_PATH_DOWN_SESSION for what concerns one session.",
    seenIn: "DittoFS sets it whenever the session has no back channel slots",
  },
  downgrades: { G: "off", H: 1 },
  options: { lastingSeconds: 5, replies: 5 },
  watch(context) {
    const contradictions = new WeakMap<FlagPeriod, Contradiction>();
    const told = new WeakSet<ObservedSession>();
    return {
      "status-flags"({ call, session, history, flags }) {
        if ((flags & SEQ4_STATUS_CB_PATH_DOWN) === 0 || told.has(session) || hasOpenBackChannel(session)) return;
        const period = history.periods.get(SEQ4_STATUS_CB_PATH_DOWN)!;
        const other = session.client?.sessions.find(
          (one) => one !== session && hasLivingBackChannel(one, period.since.at),
        );
        if (other === undefined || hasUnansweredCallbacks(other)) {
          contradictions.delete(period);
          return;
        }
        const contradiction = contradictions.get(period) ?? { since: call.reply!.at, replies: 0 };
        contradictions.set(period, contradiction);
        contradiction.replies++;
        const elapsed = call.reply!.at - contradiction.since;
        if (contradiction.replies < context.option("replies") || elapsed <= context.option("lastingSeconds") * 1e9)
          return;
        told.add(session);
        context.report({
          session,
          connection: call.connection,
          since: period.askedAt,
          frames: [period.since, call.reply!],
          expected: { text: "CB_PATH_DOWN_SESSION at most" },
          actual: { text: "CB_PATH_DOWN" },
          message: `CB_PATH_DOWN for ${seconds(elapsed)} and ${contradiction.replies} replies, while session ${other.id} of the same client has a connection bound to its back channel`,
        });
      },
    };
  },
};
