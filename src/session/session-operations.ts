import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_MASK_PNFS,
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_DEADSESSION,
  NFS4ERR_STALE_CLIENTID,
} from "../nfs4/constants.ts";
import { type Call, NO_STATUS } from "./call.ts";
import { CHANNELS } from "./connection.ts";
import { CreateSessionCandidates } from "./create-session-slot.ts";
import type {
  BindArgs,
  ClientRecord,
  CreateSessionArgs,
  CreateSessionOutcome,
  CreateSessionResult,
  ExchangeIdArgs,
  ExchangeIdResult,
  SessionOperation,
} from "./facts.ts";
import { CLIENTS_MAX, type Observation } from "./observation.ts";
import { ObservedClient } from "./observed-client.ts";
import type { ObservedServer } from "./observed-server.ts";
import { ObservedSession, type SessionEnd } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";
import { noteServerOwner, noteStaleClient } from "./upheaval-signs.ts";

type Answered<Args, Result> = SessionOperation<Args, Result>;

/** A session's first call may be recorded so long before its CREATE_SESSION, on another interface. */
const OVERTAKING_NANOS = 2e6;

/** What EXCHANGE_ID, CREATE_SESSION, BIND_CONN_TO_SESSION and the DESTROYs do to the observed state. RFC 8881 §18.34 to §18.37, §18.50 */
export class SessionOperations {
  readonly #observation: Observation;

  constructor(observation: Observation) {
    this.#observation = observation;
  }

  exchangeId(operation: Answered<ExchangeIdArgs, ExchangeIdResult>): void {
    const { call, args, result } = operation;
    let client: ObservedClient | null = null;
    let before: ClientRecord | null = null;
    if (result !== null) {
      const server = this.#proveServer(call, result);
      const known = server.clients.get(result.clientId);
      const isShared = known !== undefined && isAnotherServers(known, result);
      before = known === undefined || isShared ? null : recordOf(known);
      client = this.#client(server, result.clientId, operation.reply ?? call, (old) => isOther(old, operation, result));
      server.own(client, args.ownerHex);
      client.verifier = args.verifier;
      client.serverOwner = result.serverOwner;
      client.isNumberShared ||= isShared && known.ended === null;
      client.exchangeFlags = result.flags >>> 0;
      client.roles |= result.flags & EXCHGID4_FLAG_MASK_PNFS;
      client.stateProtect = result.stateProtect;
      client.mustEnforce = result.mustEnforce;
      client.principal = call.principal;
      client.addresses.add(call.connection.clientAddress);
      if ((result.flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0) client.confirmed = true;
      // A reply that came late, or a wrong one, or one of two slots: where its CREATE_SESSION slot stands is open.
      else if (client.confirmed || client.isNumberShared) client.createSession = new CreateSessionCandidates(null);
      else {
        // eir_sequenceid counts only while the client ID is unconfirmed. RFC 8881 §18.35.4 item 2
        client.eirSequenceId = result.sequenceId;
        client.createSession = new CreateSessionCandidates(result.sequenceId);
      }
    }
    this.#observation.emit("exchange-id", { ...operation, client, before });
  }

  /** Several addresses are one server when EXCHANGE_ID gives the same owner, scope and client ID at both. RFC 8881 §2.10.5 */
  #proveServer(call: Call, result: ExchangeIdResult): ObservedServer {
    const { connection } = call;
    const here = this.#observation.serverAt(connection.server);
    noteServerOwner(here, result.serverOwner, call);
    for (const other of this.#observation.servers) {
      if (other === here || other.owner !== result.serverOwner || !other.clients.has(result.clientId)) continue;
      if (here.sessions.size > 0 || here.clients.size > 0) continue;
      this.#observation.mergeServer(connection.server, other);
      connection.serverInstance = other;
      return other;
    }
    connection.serverInstance = here;
    return here;
  }

  /** The client with that number, unless `isOther` says that the number stands for somebody else by now. */
  #client(
    server: ObservedServer,
    clientId: string,
    seen: Sighting,
    isOther: (known: ObservedClient) => boolean = () => false,
  ): ObservedClient {
    let client = server.clients.get(clientId);
    if (client !== undefined && client.ended === null && !isOther(client)) return client;
    client = new ObservedClient(server, clientId, { capture: seen.capture, frame: seen.frame, at: seen.at });
    if (server.clients.size >= CLIENTS_MAX) {
      server.forgetOldestClient();
      this.#observation.clientsDropped++;
    }
    server.addClient(client);
    return client;
  }

  #serverOf(call: Call): ObservedServer {
    call.connection.serverInstance ??= this.#observation.serverAt(call.connection.server);
    return call.connection.serverInstance;
  }

  /** The call alone; its standing is decided before the reply can change it. */
  createSessionCall(call: Call, args: CreateSessionArgs): CreateSessionOutcome["standing"] {
    const client = this.#serverOf(call).clients.get(args.clientId) ?? null;
    this.#observation.emit("create-session-call", { call, args, client });
    return client?.createSession?.accepts(args.sequence) ?? "unknown";
  }

  createSession(
    operation: Answered<CreateSessionArgs, CreateSessionResult>,
    standingAtCall: CreateSessionOutcome["standing"],
  ): void {
    const { call, args, result, status } = operation;
    const server = this.#serverOf(call);
    const seen = operation.reply ?? call;
    let client = server.clients.get(args.clientId) ?? null;
    if (status === NFS4ERR_STALE_CLIENTID) noteStaleClient(server, client, sightingOf(seen));
    if (client === null && result !== null) client = this.#client(server, args.clientId, seen);
    client?.addresses.add(call.connection.clientAddress);
    const earlier = client?.lastCreateSession ?? null;
    const standing = earlier !== null && isCopy(operation, earlier) ? "replay" : standingAtCall;
    const known = result === null ? null : (server.sessions.get(result.sessionId) ?? null);
    // Its first calls may be recorded before the reply that made it, on another interface even before the call.
    const isItself = known !== null && known.created === null && known.firstSeen.at >= call.at - OVERTAKING_NANOS;
    const idInUseBy = isItself ? null : known;
    let session: ObservedSession | null = null;
    if (result !== null && client !== null) {
      if (standing !== "next" && idInUseBy !== null) {
        session = idInUseBy;
        this.#replayed(call, session, result.flags);
      } else session = this.#open(operation, result, client, isItself ? known : null);
    }
    if (client !== null && !client.isNumberShared) {
      client.createSession ??= new CreateSessionCandidates(null);
      client.createSession.after(args.sequence, status === NO_STATUS ? null : status);
    }
    this.#observation.emit("create-session", { ...operation, client, session, standing, earlier, idInUseBy });
    if (client !== null && standing !== "replay" && operation.reply !== null) client.lastCreateSession = operation;
    if (session !== null && session !== idInUseBy) this.#observation.emit("session-opened", session);
  }

  #replayed(by: Call, session: ObservedSession, flags: number): void {
    const { connection } = by;
    if (session.connections.has(connection)) return;
    const fact = { by, session, connection, how: "replay" } as const;
    this.#observation.emit("connection-bound", { ...fact, bound: "fore" });
    if ((flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0)
      this.#observation.emit("connection-bound", { ...fact, bound: "back" });
  }

  #open(
    { call, args, reply }: Answered<CreateSessionArgs, CreateSessionResult>,
    result: CreateSessionResult,
    client: ObservedClient,
    early: ObservedSession | null,
  ): ObservedSession {
    const seen = sightingOf(reply ?? call);
    const session =
      early ?? new ObservedSession(result.sessionId, client.server, client, call.minorVersion, seen, true);
    session.created = seen;
    session.client = client;
    client.reclaimCompleteSent ??= session.reclaimCompleteSent;
    session.requestedFlags = args.flags;
    session.flags = result.flags;
    session.callbackProgram = args.callbackProgram;
    Object.assign(session.foreAttributes, { requested: args.fore, granted: result.fore });
    Object.assign(session.backAttributes, { requested: args.back, granted: result.back });
    this.#observation.bind(session, call, "fore", "create-session");
    if ((result.flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0) {
      this.#observation.bind(session, call, "back", "create-session");
      session.table("back");
    }
    if (client.addSession(session)) this.#observation.clientSessionsDropped++;
    this.#confirm(client, call, seen);
    if (early === null) this.#observation.addSession(session);
    return session;
  }

  /** The first session of a client ID confirms it and ends the older incarnation of its owner. RFC 8881 §18.36.4 phase 3 */
  #confirm(client: ObservedClient, call: Call, seen: Sighting): void {
    if (client.confirmed) return;
    client.confirmed = true;
    if (client.ownerHex === null) return;
    for (const other of client.server.clientsOf(client.ownerHex)) {
      const isOlder = other !== client && other.verifier !== client.verifier;
      if (isOlder && other.confirmed) this.#endClient(other, call, seen, "replaced");
    }
  }

  #endClient(client: ObservedClient, call: Call, seen: Sighting, why: SessionEnd): void {
    client.ended ??= sightingOf(seen);
    for (const session of client.sessions) this.#endSession(session, call, seen, why);
  }

  #endSession(session: ObservedSession, call: Call, seen: Sighting, why: SessionEnd): void {
    if (session.ended !== null) return;
    session.ended = sightingOf(seen);
    session.endedBy = why;
    session.endingCall = call;
    this.#observation.emit("session-ended", session);
  }

  /** CHANNELS that the call's connection is bound to. */
  boundChannels(call: Call, sessionId: string): number {
    const bound = this.#serverOf(call).sessions.get(sessionId)?.connections.get(call.connection);
    if (bound === undefined) return 0;
    return (bound.has("fore") ? CHANNELS.fore : 0) | (bound.has("back") ? CHANNELS.back : 0);
  }

  /** `boundAtCall`: the CHANNELS that its connection had. */
  bindConnToSession(operation: Answered<BindArgs, { direction: number }>, boundAtCall: number): void {
    const { call, args, result } = operation;
    const session = this.#serverOf(call).sessions.get(args.sessionId) ?? null;
    const bound = this.boundChannels(call, args.sessionId) === boundAtCall ? boundAtCall : null;
    if (session !== null && result !== null) {
      if ((result.direction & CHANNELS.fore) !== 0) this.#observation.bind(session, call, "fore", "bind");
      if ((result.direction & CHANNELS.back) !== 0) {
        this.#observation.bind(session, call, "back", "bind");
        session.table("back");
      }
    }
    this.#observation.emit("bind-conn-to-session", { ...operation, session, bound });
    this.#checkKnown(operation, session, args.sessionId);
  }

  destroySessionCall(call: Call, sessionId: string): void {
    const session = this.#serverOf(call).sessions.get(sessionId) ?? null;
    this.#observation.emit("destroy-session-call", { call, sessionId, session });
  }

  destroySession(operation: Answered<{ sessionId: string }, true>): void {
    const { call, args, reply, status } = operation;
    const session = this.#serverOf(call).sessions.get(args.sessionId) ?? null;
    this.#observation.emit("destroy-session", { ...operation, session });
    if (session !== null && status === NFS4_OK) this.#endSession(session, call, reply ?? call, "destroyed");
    this.#checkKnown(operation, session, args.sessionId);
  }

  #checkKnown({ call, reply, status }: Answered<unknown, unknown>, session: ObservedSession | null, sessionId: string) {
    if (reply === null || (status !== NFS4ERR_BADSESSION && status !== NFS4ERR_DEADSESSION)) return;
    if (session !== null) this.#observation.disown(session, call, sightingOf(reply));
    else this.#observation.emit("unknown-session", { call, sessionId });
  }

  destroyClientid(operation: Answered<{ clientId: string }, true>): void {
    const { call, args, reply, status } = operation;
    const client = this.#serverOf(call).clients.get(args.clientId) ?? null;
    this.#observation.emit("destroy-clientid", { ...operation, client });
    if (client !== null && status === NFS4_OK) this.#endClient(client, call, reply ?? call, "client-destroyed");
  }

  reclaimCompleteCall(call: Call, oneFs: boolean): void {
    const { session } = call;
    if (oneFs || session === null) return;
    session.reclaimCompleteSent ??= call;
    if (session.client !== null) session.client.reclaimCompleteSent ??= call;
  }

  reclaimComplete(operation: Answered<{ oneFs: boolean }, true>): void {
    const { call, args, status } = operation;
    const client = call.session?.client ?? null;
    const earlier = client?.reclaimCompleted ?? null;
    this.#observation.emit("reclaim-complete", { ...operation, client, earlier });
    if (status === NFS4_OK && !args.oneFs && client !== null) client.reclaimCompleted = call;
  }
}

/** The same number was given to another client, or to another incarnation of it. RFC 8881 §18.35.4 */
function isOther(
  known: ObservedClient,
  { args }: Answered<ExchangeIdArgs, ExchangeIdResult>,
  result: ExchangeIdResult,
): boolean {
  if (known.ownerHex !== null && known.ownerHex !== args.ownerHex) return true;
  if (known.verifier !== null && known.verifier !== args.verifier) return true;
  return isAnotherServers(known, result) || isForgotten(known, result);
}

/** Client IDs are unique for each so_major_id and scope only, and several servers may answer at one address. §18.35.3 */
function isAnotherServers({ serverOwner }: ObservedClient, result: ExchangeIdResult): boolean {
  return serverOwner !== null && !isSameServer(serverOwner, result.serverOwner);
}

/** A confirmed client ID is unconfirmed when nothing is left of its sessions: the server has forgotten it. */
function isForgotten({ confirmed, sessions }: ObservedClient, { flags }: ExchangeIdResult): boolean {
  if (!confirmed || (flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0) return false;
  return sessions.every((session) => !session.isLive || hasNoConnection(session));
}

function hasNoConnection({ connections }: ObservedSession): boolean {
  for (const { closing } of connections.keys()) if (closing === null) return false;
  return true;
}

/** The same so_major_id and scope; so_minor_id may differ. RFC 8881 §2.10.5 */
function isSameServer(one: string, other: string): boolean {
  const [major, , scope] = one.split("/");
  const [otherMajor, , otherScope] = other.split("/");
  return major === otherMajor && scope === otherScope;
}

function recordOf(client: ObservedClient): ClientRecord | null {
  if (client.ended !== null) return null;
  const { ownerHex, verifier, confirmed, principal } = client;
  return { client, ownerHex, verifier, confirmed, principal };
}

function sightingOf({ capture, frame, at }: Sighting): Sighting {
  return { capture, frame, at };
}

/** The same request was sent while the earlier one was on its way: when it was answered it was no new one any more. */
function isCopy(
  { call, args }: Answered<CreateSessionArgs, CreateSessionResult>,
  earlier: Answered<CreateSessionArgs, CreateSessionResult>,
): boolean {
  return args.sequence === earlier.args.sequence && earlier.reply !== null && call.at <= earlier.reply.at;
}
