import type { ObservedSession } from "../../session/observed-session.ts";
import { allSessions } from "../all-sessions.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** A slot that rests for so long while higher ones work was given up. */
function checkSession(session: ObservedSession, restNanos: number, { report, channel }: RuleContext): void {
  if (!session.isLive) return;
  let higherUsedAt = Number.NEGATIVE_INFINITY;
  for (const slot of [...session.table(channel).used()].reverse()) {
    const last = slot.refused ?? slot.current;
    if (last === null) continue;
    const isTroubled =
      slot.refused !== null || (last.reply === null && last.isAbandoned && last.connection.closed !== null);
    if (isTroubled && higherUsedAt - last.at > restNanos) {
      report({
        call: last,
        frames: [last],
        message: `slot ${slot.id} was not used in the ${seconds(higherUsedAt - last.at)} after its troubled seq ${last.seq}, higher slots were`,
      });
    }
    higherUsedAt = Math.max(higherUsedAt, last.at);
  }
}

/** A slot was given up after an unanswered or refused request */
export const slotNeverUsedAgain: Rule = {
  id: "slot-never-used-again",
  severity: "note",
  fault: "none",
  title: "A slot was given up after an unanswered or refused request",
  rfc: "RFC 8881 2.10.6",
  help: {
    means:
      "The last request on this slot was not answered or was refused, and it was never used again although higher slots were.",
    hurts: "The session has one slot less. Some implementations do that on purpose rather than guess the sequence id.",
    todo: "Look at the slot's last request.",
    seenIn: "Linux server on the back channel since 2025",
  },
  downgrades: { H: 1 },
  oncePerUpheaval: true,
  options: { restSeconds: 30 },
  watch: (context) => ({
    end() {
      const restNanos = context.option("restSeconds") * 1e9;
      for (const session of allSessions(context.servers)) {
        if (context.channel === "fore" || session.back !== null) checkSession(session, restNanos, context);
      }
    },
  }),
};
