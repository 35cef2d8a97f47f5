import { NFS4ERR_BADSESSION, NFS4ERR_STALE_CLIENTID } from "../nfs4/constants.ts";
import type { Call, Reply } from "../session/call.ts";
import type { Facts } from "../session/facts.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { Sighting } from "../session/sighting.ts";
import type { Handlers } from "./rule.ts";

/** Losses that wait for their explanation at the same time. */
const PENDING_MAX = 256;
/** After that many leases nothing explains it any more. */
const EXPLANATION_LEASES = 2;

/** Sessions of the client ID, the newest, that are asked whether they live on. */
const OTHERS_ASKED = 64;

/** A session that got BADSESSION although nothing had ended it and its lease had not run out. */
export interface LostSession {
  readonly session: ObservedSession;
  readonly call: Call;
  readonly reply: Reply;
  /** Since the session's last SEQUENCE that succeeded, or its creation. */
  readonly idleNanos: number;
}

/** What the messages that followed tell of the reason. RFC 8881 §2.10.13 */
export type LossCause =
  /** It was tried at an address of the server where it had never worked. */
  | "other-address"
  /** All its connections were gone before, as when a server restarts. */
  | "connections-lost"
  /** The client ID is gone too. */
  | "client-id-lost"
  /** The client ID was still good for a new session. */
  | "session-only"
  /** Another session of the client ID went on. */
  | "others-live"
  | "unknown";

export interface Explanation {
  readonly cause: LossCause;
  /** The exchange that tells. */
  readonly evidence: readonly Sighting[];
}

/** Watches for sessions that a server no longer knows, and tells of each once it is clear why. */
export function watchLostSessions(explained: (loss: LostSession, explanation: Explanation) => void): Handlers {
  let pending: LostSession[] = [];

  const settle = (explain: (loss: LostSession) => Explanation | null) => {
    if (pending.length === 0) return;
    pending = pending.filter((loss) => {
      const explanation = explain(loss);
      if (explanation !== null) explained(loss, explanation);
      return explanation === null;
    });
  };
  const begin = (session: ObservedSession, call: Call, reply: Reply) => {
    if (!session.isLive) return;
    const idleNanos = reply.at - Math.max(session.lastRenewalAt, session.created?.at ?? Number.NEGATIVE_INFINITY);
    if (!(idleNanos < session.server.leaseNanos)) return;
    const loss = { session, call, reply, idleNanos };
    const cause = causeAtOnce(loss);
    if (cause !== null) explained(loss, { cause, evidence: [] });
    else if (pending.length < PENDING_MAX) pending.push(loss);
  };
  const refused = ({ session, call, reply, status }: Facts["destroy-session"] | Facts["bind-conn-to-session"]) => {
    if (status === NFS4ERR_BADSESSION && session !== null && reply !== null) begin(session, call, reply);
  };
  return {
    answer(call) {
      if (call.reply?.sequenceStatus !== NFS4ERR_BADSESSION || call.session === null || call.channel === "back") return;
      begin(call.session, call, call.reply);
    },
    "destroy-session": refused,
    "bind-conn-to-session": refused,
    "create-session": (created) => settle((loss) => explainByCreateSession(loss, created)),
    "exchange-id": (exchanged) => settle((loss) => explainByExchangeId(loss, exchanged)),
    tick: (at) => settle((loss) => explainByTime(loss, at)),
    end: () => settle((loss) => explainByOthers(loss) ?? { cause: "unknown", evidence: [] }),
  };
}

function causeAtOnce({ session, call }: LostSession): LossCause | null {
  const known = [...session.connections.keys()];
  if (known.length > 0 && known.every(({ server }) => server !== call.connection.server)) return "other-address";
  const wereLost = known.length > 0 && known.every((connection) => !connection.isOpen);
  return wereLost && !session.connections.has(call.connection) ? "connections-lost" : null;
}

function explainByCreateSession(loss: LostSession, created: Facts["create-session"]): Explanation | null {
  const { call, reply, client, status, result, args } = created;
  if (reply === null || call.at < loss.reply.at || call.connection.serverInstance !== loss.session.server) return null;
  const isOurs =
    loss.session.client === null
      ? call.connection.clientAddress === loss.call.connection.clientAddress
      : loss.session.client === client || loss.session.client.clientId === args.clientId;
  if (!isOurs) return null;
  const evidence = [call, reply];
  if (status === NFS4ERR_STALE_CLIENTID) return { cause: "client-id-lost", evidence };
  if (result === null || loss.session.client === null) return null;
  return explainByOthers(loss) ?? { cause: "session-only", evidence };
}

function explainByExchangeId(
  loss: LostSession,
  { call, args, reply, result }: Facts["exchange-id"],
): Explanation | null {
  if (reply === null || result === null || call.at < loss.reply.at) return null;
  if (call.connection.serverInstance !== loss.session.server) return null;
  const { client } = loss.session;
  const isOurs =
    client?.ownerHex == null
      ? call.connection.clientAddress === loss.call.connection.clientAddress
      : client.ownerHex === args.ownerHex;
  if (!isOurs || (client !== null && client.clientId === result.clientId)) return null;
  return { cause: "client-id-lost", evidence: [call, reply] };
}

function explainByTime(loss: LostSession, at: number): Explanation | null {
  const others = explainByOthers(loss);
  if (others !== null) return others;
  const isOver = at - loss.reply.at > EXPLANATION_LEASES * loss.session.server.leaseNanos;
  return isOver ? { cause: "unknown", evidence: [] } : null;
}

/** A session from before the loss that was served after it: the server did not restart. */
function explainByOthers({ session, reply }: LostSession): Explanation | null {
  const others = session.client?.sessions.slice(-OTHERS_ASKED) ?? [];
  const isServed = others.some(
    (other) =>
      other !== session && other.firstSeen.at < reply.at && other.ended === null && other.lastRenewalAt > reply.at,
  );
  return isServed ? { cause: "others-live", evidence: [] } : null;
}
