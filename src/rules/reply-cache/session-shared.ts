import { NFS4_OK, NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { Vigils } from "../vigils.ts";

/** Session ids given out twice that are watched at a time. */
const WATCHED_MAX = 256;

/** An id that was given out again while its first owner may still use it. */
interface Shared {
  readonly former: ObservedSession;
  /** Connections of the first owner that were open when the second came. */
  readonly connections: ReadonlySet<ObservedConnection>;
  readonly given: readonly Sighting[];
}

/** A session belongs to one client ID. */
export const sessionShared: Rule = {
  id: "session-shared",
  severity: "error",
  fault: "server",
  title: "Two client IDs use one session",
  rfc: "RFC 8881 2.10.1",
  help: {
    means:
      "The server gave the id of a living session to another client ID, and went on serving the first owner under it, on the connection that it had before: one session with two clients.",
    hurts: "Each client's requests are judged against the other's slots, and each can get the other's cached replies.",
    todo: "Make the server's session ids unique over its lifetime.",
  },
  downgrades: { G: "off" },
  watch({ report }) {
    // By the second owner's session: that is what the id leads to from then on.
    const watched = new Vigils<ObservedSession, Shared>(({ fore }) => fore);
    const check = (call: Call) => {
      if (call.session === null || call.reply?.sequenceStatus !== NFS4_OK) return;
      const shared = watched.get(call.session);
      if (shared === undefined || !shared.connections.has(call.connection)) return;
      watched.delete(call.session);
      const owners = [shared.former.client?.clientId, call.session.client?.clientId];
      report({
        session: call.session,
        since: call.at,
        frames: [shared.former.firstSeen, ...shared.given, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_BADSESSION], text: "one client ID" },
        actual: { status: [NFS4_OK], text: owners.map((id) => `0x${id}`).join(" and ") },
        message: `session ${call.session.id} is used by client IDs ${owners.map((id) => `0x${id}`).join(" and ")}`,
      });
    };
    return {
      "create-session"(created) {
        const shared = sharedBy(created);
        if (shared === null || created.session === null) return;
        if (watched.size >= WATCHED_MAX) watched.clear();
        watched.set(created.session, shared);
      },
      "answer-watched": check,
      answer: check,
    };
  },
};

function sharedBy({ call, reply, result, session, client, idInUseBy }: Facts["create-session"]): Shared | null {
  if (result === null || reply === null || idInUseBy === null || session === idInUseBy || !idInUseBy.isLive)
    return null;
  if (idInUseBy.client === null || client === null || idInUseBy.client.clientId === client.clientId) return null;
  // A connection that lives on proves that the server did not restart: then ids may come again.
  const connections = new Set(
    [...idInUseBy.connections.keys()].filter((connection) => connection.isOpen && connection !== call.connection),
  );
  return connections.size === 0 ? null : { former: idInUseBy, connections, given: [call, reply] };
}
