import { OP_CB_LAYOUTRECALL, OP_CB_RECALL } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { recalledStateid } from "../recalled-state.ts";
import type { Rule } from "../rule.ts";

/** Delegations and layouts remembered for each client ID. */
const STATES_MAX = 4096;

interface Acquired {
  readonly session: ObservedSession;
  readonly seen: Sighting;
}

/** A client with several sessions is called back over another one than the state came from. */
export const cbOtherSession: Rule = {
  id: "cb-other-session",
  severity: "note",
  fault: "none",
  title: "State that was acquired over one session is recalled over another",
  rfc: "RFC 8881 2.10.2.2, 2.10.3",
  help: {
    means:
      "The client has several sessions. A delegation or layout that it got over one of them is recalled by a callback over another session of the same client ID. That is legal: state belongs to the client ID.",
    hurts: "It does not, but a client that looks for the state in the callback's own session finds nothing.",
    todo: "In the client, look state up by client ID. Whoever follows one session in a capture has to follow both.",
  },
  channel: "both",
  downgrades: {},
  operations: [],
  callbackOperations: [OP_CB_RECALL, OP_CB_LAYOUTRECALL],
  watch({ report, argsOf }) {
    const acquired = new WeakMap<ObservedClient, Map<string, Acquired>>();
    return {
      "state-granted"({ call, stateid }) {
        const client = clientWithSessions(call);
        if (client === null) return;
        const states = acquired.get(client) ?? new Map<string, Acquired>();
        acquired.set(client, states);
        if (states.size < STATES_MAX) states.set(stateid, { session: call.session!, seen: call.reply ?? call });
      },
      "operation-call"({ call, index, operation }) {
        const client = clientWithSessions(call);
        if (client === null) return;
        const stateid = recalledStateid(operation, argsOf(call, index));
        const from = stateid === null ? undefined : acquired.get(client)?.get(stateid);
        if (from === undefined || from.session === call.session || !from.session.isLive) return;
        report({
          call,
          frames: [from.seen, ...exchangeFrames(call)],
          message: `state that was acquired over session ${from.session.id} is recalled over session ${call.session!.id} of the same client ID`,
        });
      },
    };
  },
};

/** Most clients have one session only: nothing need be decoded for them. */
function clientWithSessions({ session }: Call): ObservedClient | null {
  const client = session?.client ?? null;
  return client !== null && client.sessions.length > 1 ? client : null;
}
