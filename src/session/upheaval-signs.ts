import { NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_SEQ_MISORDERED } from "../nfs4/constants.ts";
import type { Call, Reply } from "./call.ts";
import type { ObservedClient } from "./observed-client.ts";
import type { ObservedServer } from "./observed-server.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";

/** What an onlooker takes for signs that a server forgot what it knew. RFC 8881 §2.10.13 */

/** BADSESSION on a session that nobody had ended. Beyond the lease it is no sign: the session may have been idle for too long. */
export function noteLostSession(session: ObservedSession, call: Call, at: number): void {
  const { server, lastRenewalAt, created, connections } = session;
  const knownAt = Math.max(lastRenewalAt, created?.at ?? Number.NEGATIVE_INFINITY);
  if (!(at - knownAt < server.leaseNanos) || isKnown(server, knownAt, at)) return;
  const from = showsFrom(call, knownAt, session);
  server.upheavals.noteLoss({ kind: "sessions-lost", what: session, at, from });
  noteRestart(server, "bad-session", call, from);
  const known = [...connections.keys()];
  const wereLost = known.length > 0 && known.every((connection) => !connection.isOpen);
  if (wereLost && !connections.has(call.connection)) noteRestart(server, "connections-lost", call, from);
}

/** A sequence id was refused that the slot's last good state makes right. */
export function noteRefusal(call: Call, { sequenceStatus, at }: Reply): void {
  const { slot, verdict, session } = call;
  if (slot === null || session === null || !slot.isTrusted) return;
  const isRefusal = sequenceStatus === NFS4ERR_SEQ_MISORDERED || sequenceStatus === NFS4ERR_SEQ_FALSE_RETRY;
  if (!isRefusal || (verdict !== "new" && verdict !== "early" && verdict !== "retry")) return;
  // A request that is repeated or followed up after its connection was lost may still run there. RFC 8881 §2.10.6.2
  const kind = verdict === "new" ? "takeover" : "slots-refused";
  const known = session.server.upheavals.between(slot.cleanAt, at);
  if (known !== null && (known.kind !== "slots-refused" || kind !== "takeover")) return;
  session.server.upheavals.noteLoss({ kind, what: slot, at, from: showsFrom(call, slot.cleanAt, session) });
}

/** An upheaval since the last good state explains it: it is no sign of another. */
function isKnown({ upheavals }: ObservedServer, since: number, at: number): boolean {
  return upheavals.between(since, at) !== null;
}

/** The server no longer knows a client ID. That alone may as well be an expired lease. */
export function noteStaleClient(server: ObservedServer, client: ObservedClient | null, seen: Sighting): void {
  server.noteRestart(seen);
  const usedAt = Math.max(...(client?.sessions.map(({ lastRenewalAt }) => lastRenewalAt) ?? []));
  if (seen.at - usedAt < server.leaseNanos && !isKnown(server, usedAt, seen.at))
    server.upheavals.noteRestartSign("stale-clientid", seen.at);
}

/** EXCHANGE_ID at an address tells who is behind it; another than before took it over, or the same one began anew. */
export function noteServerOwner(server: ObservedServer, owner: string, call: Call): void {
  if (server.owner === null) server.owner = owner;
  else if (server.owner !== owner) {
    server.owner = owner;
    noteRestart(server, "server-owner-changed", call, call.connection.opened.at);
  }
}

function noteRestart(
  server: ObservedServer,
  sign: "bad-session" | "connections-lost" | "server-owner-changed",
  call: Call,
  from: number,
) {
  server.upheavals.noteRestartSign(sign, call.at, from);
}

/** Since the first of the session's connections ended, else since the one that tells was opened. */
function showsFrom({ connection, at }: Call, knownAt: number, { connections }: ObservedSession): number {
  let from = connection.opened.at > knownAt ? connection.opened.at : at;
  for (const { closing } of connections.keys())
    if (closing !== null && closing.at >= knownAt && closing.at < from) from = closing.at;
  return from;
}
