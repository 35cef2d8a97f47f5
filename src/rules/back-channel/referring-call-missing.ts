import { callbackOperationName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { NewestEntries } from "../newest-entries.ts";
import { RECALLING_OPERATIONS, recalledStateid } from "../recalled-state.ts";
import { type ReferringCall, referringCalls } from "../referring-calls.ts";
import type { Rule } from "../rule.ts";

/** Grants and recalls remembered for each server. */
const REMEMBERED_MAX = 1024;
/** A reply that comes later than this after the recall is not the one that it overtook. */
const RACE_NANOS = 5e9;

interface Recall {
  readonly call: Call;
  readonly operation: number;
  readonly references: readonly ReferringCall[];
}

/** By stateid; the oldest is forgotten. */
class Remembered<T> {
  readonly #byServer = new WeakMap<ObservedServer, NewestEntries<string, T>>();

  set(server: ObservedServer, stateid: string, value: T): void {
    const known = this.#byServer.get(server) ?? new NewestEntries<string, T>(REMEMBERED_MAX);
    this.#byServer.set(server, known);
    known.set(stateid, value);
  }

  get(server: ObservedServer, stateid: string): T | undefined {
    return this.#byServer.get(server)?.get(stateid);
  }
}

function isNamed(grant: Call, references: readonly ReferringCall[]): boolean {
  return references.some(
    ({ sessionId, slotId, seq }) => sessionId === grant.session?.id && slotId === grant.slotId && seq === grant.seq,
  );
}

/** Whoever recalls what may not have arrived yet says which reply it was in. */
export const referringCallMissing: Rule = {
  id: "referring-call-missing",
  severity: "warning",
  fault: "server",
  title: "A recall does not name the request that handed out what it recalls",
  rfc: "RFC 8881 2.10.6.3",
  help: {
    means:
      "Until the client has used the slot of an OPEN or LAYOUTGET again, the server cannot know that it has the reply, and a recall of what that reply hands out must name the request. As a warning, the recall was sent before the reply: a real race. As a note, the reply was out already, but the slot not used again.",
    hurts:
      "The client knows nothing of the delegation or layout yet and answers NFS4ERR_BAD_STATEID; the server takes it for returned, or revokes it, while the client begins to rely on it.",
    todo: "In the server, remember session, slot and sequence id of the request with each delegation and layout, and send them in csa_referring_call_lists.",
    seenIn: "most servers; the Linux server before 2025",
  },
  downgrades: { O: 1, T: "off", P: "off", G: "off" },
  channel: "both",
  operations: [],
  callbackOperations: RECALLING_OPERATIONS,
  watch({ report, argsOf, isOrdered }) {
    const grants = new Remembered<Call>();
    const recalls = new Remembered<Recall>();
    const noted = new WeakSet<ObservedSession>();

    const raced = (grant: Call, { call, operation, references }: Recall) => {
      const { reply } = grant;
      if (reply === null || reply.at <= call.at || grant.at > call.at || reply.at - call.at > RACE_NANOS) return;
      if (isNamed(grant, references)) return;
      report({
        call,
        since: grant.at,
        ...(isOrdered(call, call.connection, reply, grant.connection) ? {} : { because: ["O"] as const }),
        frames: [grant, call, reply],
        expected: { text: `a referring call: slot ${grant.slotId}, seq ${grant.seq}` },
        actual: { text: "none to it" },
        message: `${callbackOperationName(operation)} was sent before the reply that handed out what it is about (slot ${grant.slotId}, seq ${grant.seq}), and does not name that request`,
      });
    };
    const checkDelivered = (grant: Call, { call, operation, references }: Recall) => {
      const { session } = call;
      if (session === null || noted.has(session) || !grant.isSlotsLatest || isNamed(grant, references)) return;
      noted.add(session);
      report({
        session,
        connection: call.connection,
        severity: "note",
        since: grant.at,
        frames: [grant, ...(grant.reply === null ? [] : [grant.reply]), call],
        message: `${callbackOperationName(operation)} is about what slot ${grant.slotId}, seq ${grant.seq}, was given; the slot was not used since, and the callback does not name it`,
      });
    };
    return {
      "state-granted"({ call, stateid, isNew }) {
        const server = call.session?.server;
        if (server === undefined || call.original !== null || !isNew || grants.get(server, stateid) !== undefined)
          return;
        const recall = recalls.get(server, stateid);
        if (recall !== undefined) raced(call, recall);
        grants.set(server, stateid, call);
      },
      "operation-call"({ call, index, operation }) {
        const server = call.session?.server;
        const stateid = server === undefined ? null : recalledStateid(operation, argsOf(call, index));
        if (server === undefined || stateid === null || call.original !== null) return;
        const references = referringCalls(call, argsOf);
        if (references === null) return;
        const recall = { call, operation, references };
        const grant = grants.get(server, stateid);
        if (grant !== undefined) checkDelivered(grant, recall);
        recalls.set(server, stateid, recall);
      },
    };
  },
};
