import { NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answerText } from "../answer.ts";
import { onBackChannel } from "../callback-words.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { type ReferringCall, referringCalls, referringText } from "../referring-calls.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

interface Race {
  readonly reference: ReferringCall;
  /** The request whose reply was overtaken. */
  readonly overtaken: Call;
}

/** The request that a reference names, while it has no reply; null if it has one, or is unknown. */
function outstanding(callback: Call, { sessionId, slotId, seq }: ReferringCall): Call | null {
  const current = callback.session?.server.sessions.get(sessionId)?.fore.slots[slotId]?.current ?? null;
  if (current === null || current.seq !== seq) return null;
  return current.transmissions.every(({ reply }) => reply === null || reply.at > callback.at) ? current : null;
}

function reaction(callback: Call, overtaken: Call): string {
  const { reply } = callback;
  if (reply === null) return "the client did not answer";
  const took = seconds(reply.at - callback.at);
  if (reply.status === NFS4ERR_DELAY) return `the client answered NFS4ERR_DELAY after ${took}`;
  const waited = overtaken.reply !== null && overtaken.reply.at <= reply.at;
  return `the client ${waited ? "waited for the reply and answered" : "answered at once"} (${took}); ${onBackChannel(answerText(callback))}`;
}

/** What referring calls are made for. */
export const callbackRace: Rule = {
  id: "callback-race",
  severity: "note",
  fault: "none",
  title: "A callback overtook the reply to the request that it refers to",
  rfc: "RFC 8881 2.10.6.3",
  help: {
    means:
      "The server wants back what it is only just handing out. It says so by naming the request, so that the client can wait for the reply, about a round trip, or answer NFS4ERR_DELAY.",
    hurts: "It does not, when both do as they should. Many of them mean that clients fight for the same file.",
    todo: "Nothing, if the client waited or answered NFS4ERR_DELAY. A Linux client waits for up to half a second.",
  },
  downgrades: { O: 1, G: "off" },
  channel: "back",
  watch({ report, argsOf }) {
    const races = new WeakMap<Call, Race>();
    const tell = (call: Call) => {
      const race = races.get(call);
      if (race === undefined) return;
      const { reference, overtaken } = race;
      report({
        call,
        since: overtaken.at,
        frames: [overtaken, ...exchangeFrames(call)],
        message: `a callback came before the reply to ${referringText(reference)}; ${reaction(call, overtaken)}`,
      });
    };
    return {
      "callback-call"(call) {
        for (const reference of referringCalls(call, argsOf) ?? []) {
          const overtaken = outstanding(call, reference);
          if (overtaken === null) continue;
          races.set(call, { reference, overtaken });
          return;
        }
      },
      "answer-clean": tell,
      answer: tell,
      unanswered: tell,
    };
  },
};
