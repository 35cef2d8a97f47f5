import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A session id stands for one session for ever. */
export const sessionIdReuse: Rule = {
  id: "session-id-reuse",
  severity: "error",
  fault: "server",
  title: "A session id was given out twice",
  rfc: "RFC 8881 2.10.1, 18.46.4",
  help: {
    means:
      "CREATE_SESSION returned a session id that the same server had given out before: for a session that still lives (an error), or for one that is over (a warning: the RFC does not forbid it).",
    hurts:
      "Requests of one client may be judged against the slots of another. With a dead session's id, a late retry of an old request hits the new session's reply cache.",
    todo: "Make the server's session ids unique over its lifetime, for instance with a random part or a counter that survives restarts.",
    seenIn: "ids made from the client ID and a small counter come close to it",
  },
  downgrades: { M: 1, G: 1 },
  watch: ({ report }) => ({
    "create-session"({ call, reply, result, standing, session, idInUseBy, client }) {
      if (result === null || reply === null || idInUseBy === null || session === idInUseBy) return;
      // Anything but a request that was surely new may have got the answer to an earlier one.
      if (standing !== "next" || isOfEarlierBoot(idInUseBy)) return;
      const isLive = idInUseBy.isLive;
      report({
        ...subject(call, session),
        client,
        severity: isLive ? "error" : "warning",
        since: idInUseBy.lastReplyAt > 0 ? idInUseBy.lastReplyAt : idInUseBy.firstSeen.at,
        frames: [idInUseBy.firstSeen, ...exchangeFrames(call, reply)],
        expected: { text: "an id that was never given out" },
        actual: { text: result.sessionId },
        message: `session id ${result.sessionId} was given out again, ${isLive ? "while its first session lives" : "after its first session had ended"}`,
      });
    },
  }),
};

/** A restarted server may start counting anew. */
function isOfEarlierBoot(session: ObservedSession): boolean {
  const restart = session.server.restarts.at(-1);
  return restart !== undefined && restart.at > session.firstSeen.at;
}
