import { type Call, PRINCIPAL_UNKNOWN } from "./call.ts";
import type { CreateSessionCandidates } from "./create-session-slot.ts";
import type { CreateSessionArgs, CreateSessionResult, SessionOperation } from "./facts.ts";
import type { ObservedServer } from "./observed-server.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";

/** Sessions remembered for each client ID, ended ones included. */
export const CLIENT_SESSIONS_MAX = 1024;

/** A client ID and the client owner incarnation behind it, as seen in EXCHANGE_ID. RFC 8881 §18.35.4 */
export class ObservedClient {
  readonly server: ObservedServer;
  /** 16 hexadecimal digits, without 0x. */
  readonly clientId: string;
  readonly firstSeen: Sighting;
  /** Exact co_ownerid in hexadecimal; null when the EXCHANGE_ID was not captured. */
  ownerHex: string | null = null;
  /** co_verifier, 16 hexadecimal digits. */
  verifier: string | null = null;
  /** A CREATE_SESSION with this client ID succeeded, or the server said CONFIRMED_R. */
  confirmed = false;
  /** Client addresses it was seen from. */
  readonly addresses = new Set<string>();
  /** In the order of their creation, ended ones included; of very many the newest. */
  readonly sessions: ObservedSession[] = [];
  /** Null until an EXCHANGE_ID reply gave eir_sequenceid. */
  createSession: CreateSessionCandidates | null = null;
  /** eir_sequenceid of the latest EXCHANGE_ID reply, null when unknown. */
  eirSequenceId: number | null = null;
  /** The latest CREATE_SESSION that was answered and no replay. */
  lastCreateSession: SessionOperation<CreateSessionArgs, CreateSessionResult> | null = null;
  /** eir_flags of the latest reply. */
  exchangeFlags = 0;
  /** The pNFS roles that any reply named: each tells of those that it was asked for. RFC 8881 §13.1 */
  roles = 0;
  /** so_major_id, so_minor_id and scope of the latest reply, as `ExchangeIdResult.serverOwner`. */
  serverOwner: string | null = null;
  /** Another server at the same address gave the number to a client of its own: which one a request names is open. */
  isNumberShared = false;
  /** eia_state_protect in effect: 0 SP4_NONE, 1 SP4_MACH_CRED, 2 SP4_SSV; null when unknown. */
  stateProtect: number | null = null;
  /** Operation numbers that must come with the machine's or the SSV credential. RFC 8881 §18.35.3 */
  mustEnforce: ReadonlySet<number> = new Set();
  /** Whom its EXCHANGE_ID acted for: as `Call.principal`. */
  principal = PRINCIPAL_UNKNOWN;
  /** The first global RECLAIM_COMPLETE that was sent. */
  reclaimCompleteSent: Call | null = null;
  /** The last global RECLAIM_COMPLETE that succeeded. RFC 8881 §18.51 */
  reclaimCompleted: Call | null = null;
  /** A reply said RESTART_RECLAIM_NEEDED, the last time. RFC 8881 §18.46.3 */
  reclaimNeededAt = Number.NEGATIVE_INFINITY;
  /** Replaced by a new incarnation or destroyed. */
  ended: Sighting | null = null;

  constructor(server: ObservedServer, clientId: string, firstSeen: Sighting) {
    this.server = server;
    this.clientId = clientId;
    this.firstSeen = firstSeen;
  }

  /** Whether the oldest had to be let go. */
  addSession(session: ObservedSession): boolean {
    this.sessions.push(session);
    if (this.sessions.length <= CLIENT_SESSIONS_MAX) return false;
    this.sessions.shift();
    return true;
  }
}
