import type { Call } from "../../session/call.ts";
import { doubtsOf } from "../client-doubts.ts";
import { type ReferringCall, referringCalls, referringText } from "../referring-calls.ts";
import type { Rule } from "../rule.ts";

/** Half of the sequence ids lie ahead of a slot's, half behind. */
const HALF = 0x8000_0000;

interface Flaw {
  readonly why: string;
  /** Nothing that was not captured can put it right. */
  readonly isProven: boolean;
}

const proven = (why: string): Flaw => ({ why, isProven: true });
const unlessUnseen = (why: string): Flaw => ({ why, isProven: false });

/** What is wrong with the reference; null if nothing is, or it cannot be told. */
function flaw({ sessionId, slotId, seq }: ReferringCall, callback: Call): Flaw | null {
  const client = callback.session?.client ?? null;
  if (client === null || callback.session === null) return null;
  const session = callback.session.server.sessions.get(sessionId);
  // A client ID that was known before the capture began may have sessions that nobody saw.
  if (session === undefined) return client.eirSequenceId === null ? null : unlessUnseen("there is no such session");
  if (session.client !== null && session.client !== client) return proven("the session belongs to another client");
  if (session.created === null) return null;
  const { fore } = session;
  if (fore.limit >= 0 && slotId > fore.limit) return proven(`the session's slots end at ${fore.limit}`);
  const slot = fore.slots[slotId];
  if (slot === undefined) return unlessUnseen("the client never used that slot");
  const ahead = (seq - slot.lastSeq) >>> 0;
  if (!slot.isTrusted || ahead === 0 || ahead >= HALF) return null;
  return unlessUnseen(`the slot has come to seq ${slot.lastSeq} only`);
}

/** A reference that leads nowhere. */
export const referringCallBogus: Rule = {
  id: "referring-call-bogus",
  severity: "warning",
  fault: "server",
  title: "A callback refers to a request that the client never sent",
  rfc: "RFC 8881 2.10.6.3, 20.9.3",
  help: {
    means:
      "csa_referring_call_lists names requests whose replies the callback may have overtaken. This one names a session that is not the client's, a slot that does not exist, or a sequence id that was never used.",
    hurts:
      "The client takes it for a request that is done, and does not wait for the reply that it really needs: it answers that it knows nothing of the delegation or layout.",
    todo: "In the server, copy all 16 bytes of the session id, and slot and sequence id in their order: sequence id first.",
    seenIn: "nfs-ganesha copies a part of the session id only",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off", V: 1 },
  channel: "back",
  watch: (context) => ({
    "callback-call"(call) {
      // The request may be one of those that lost their SEQUENCE to the snap length.
      if (context.capture.sequencesCut > 0) return;
      for (const reference of referringCalls(call, context.argsOf) ?? []) {
        const found = flaw(reference, call);
        if (found === null) continue;
        const doubts = call.session?.client == null ? [] : doubtsOf(call.session.client, context);
        context.report({
          call,
          // A connection that was not captured may have carried the request.
          because: found.isProven ? [] : ["V", ...doubts],
          since: call.session?.firstSeen.at ?? call.at,
          // The request itself may be recorded behind the callback.
          holds: () => flaw(reference, call) !== null,
          frames: [call],
          expected: { text: "referring calls to requests that were sent" },
          actual: { text: referringText(reference) },
          message: `a callback refers to ${referringText(reference)}: ${found.why}`,
        });
        return;
      }
    },
  }),
};
