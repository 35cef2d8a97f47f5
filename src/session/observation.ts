import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_DEADSESSION,
  SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
} from "../nfs4/constants.ts";
import { noteAcceptedJump } from "./accepted-jumps.ts";
import type { Call, Reply } from "./call.ts";
import { checkCallRange } from "./call-range.ts";
import type { ExchangeSink } from "./exchange-sink.ts";
import type { ConnectionBound, FactKind, FactSink, Facts } from "./facts.ts";
import { noteStatusFlags } from "./flag-history.ts";
import { CLIENT_SESSIONS_MAX } from "./observed-client.ts";
import type { ObservedConnection } from "./observed-connection.ts";
import { ObservedServer } from "./observed-server.ts";
import { ObservedSession } from "./observed-session.ts";
import type { ObservedSlot } from "./observed-slot.ts";
import { OBSERVED_SLOTS_MAX, type ObservedSlotTable } from "./observed-slot-table.ts";
import { tellOddities } from "./oddities.ts";
import type { Sighting } from "./sighting.ts";
import { SlotBudget } from "./slot-budget.ts";
import { adoptReply, observeCall, observeReply } from "./slot-observation.ts";
import { noteLostSession, noteRefusal } from "./upheaval-signs.ts";

/** Sessions remembered for each server, ended ones included; the oldest is let go first. */
const SESSIONS_MAX = 16_384;
/** Client IDs remembered for each server; the oldest is let go first. */
export const CLIENTS_MAX = 16_384;
/** Server endpoints remembered. */
const SERVERS_MAX = 4096;

/** What SEQUENCE4resok said, when the call had one. RFC 8881 §18.46.2 */
export interface SequenceResult {
  sessionMatches: boolean;
  /** Only read when it does not match. */
  sessionId: string;
  seq: number;
  slotId: number;
}

/** Where a reply says that a slot stands. */
export interface SlotPosition {
  readonly sessionId: string;
  readonly slotId: number;
  readonly seq: number;
}

/** A reply to a COMPOUND led by SEQUENCE whose call is not known; `result` is null when SEQUENCE failed. */
export interface OrphanReply {
  readonly result: SlotPosition | null;
}

/**
 * The session model of an outsider: takes what was seen in the order in which it was captured, tells facts.
 * Pure: time is in what it is given. What may be concluded: `src/session/README.md`.
 */
export class Observation {
  /** By endpoint; several endpoints may be one server. */
  readonly #servers = new Map<string, ObservedServer>();
  readonly #emit: FactSink;
  readonly #slots: SlotBudget;
  sessionsDropped = 0;
  /** Calls that named a slot above all that are followed. */
  slotsDropped = 0;
  serversDropped = 0;
  clientsDropped = 0;
  clientSessionsDropped = 0;
  /** Null as long as nobody keeps a record of all traffic. */
  exchanges: ExchangeSink | null = null;

  constructor(emit: FactSink, slots = new SlotBudget()) {
    this.#emit = emit;
    this.#slots = slots;
  }

  get sink(): FactSink {
    return this.#emit;
  }

  emit<K extends FactKind>(kind: K, fact: Facts[K]): void {
    this.#emit(kind, fact);
  }

  /** Distinct servers in order of appearance. */
  get servers(): Set<ObservedServer> {
    return new Set(this.#servers.values());
  }

  serverAt(endpoint: string): ObservedServer {
    let server = this.#servers.get(endpoint);
    if (server === undefined) {
      server = new ObservedServer(endpoint);
      if (this.#servers.size < SERVERS_MAX) this.#servers.set(endpoint, server);
      else this.serversDropped++;
    }
    return server;
  }

  /** EXCHANGE_ID proved that the endpoint belongs to a server that is known under another one. RFC 8881 §2.10.5 */
  mergeServer(endpoint: string, into: ObservedServer): void {
    this.#servers.set(endpoint, into);
  }

  /** A call led by SEQUENCE or CB_SEQUENCE; its slot fields except `slot` are filled in. */
  sequenceCall(call: Call, sessionId: string): void {
    const server = call.connection.serverInstance ?? this.#instanceOf(call.connection);
    const session = server.sessions.get(sessionId) ?? this.#adoptSession(server, sessionId, call);
    const table = session.table(call.channel);
    table.calls++;
    session.lastCallAt = call.at;
    call.connection.usedBy = session;
    const slot = table.slots[call.slotId] ?? this.#addSlot(table, call.slotId, call.at);
    call.slot = slot;
    call.session = session;
    if (slot === null) this.slotsDropped++;
    else table.sent(slot, call);
    if (!session.isLive) {
      if (slot?.current?.seq === call.seq && slot.current.fingerprint === call.fingerprint)
        call.original = slot.current;
      this.#emit("call-dead-session", { call, session });
      return;
    }
    const { limit } = table;
    if (limit >= 0 && call.slotId > limit) this.#emit("call-beyond-table", call);
    if (slot !== null) observeCall(slot, call, this.#emit);
    checkCallRange(call, table, limit, this.#emit);
  }

  #addSlot(table: ObservedSlotTable, id: number, at: number): ObservedSlot | null {
    const slot = table.add(id, at);
    if (slot !== null) this.#slots.enter(slot);
    return slot;
  }

  #instanceOf(connection: ObservedConnection): ObservedServer {
    connection.serverInstance ??= this.serverAt(connection.server);
    return connection.serverInstance;
  }

  #adoptSession(server: ObservedServer, id: string, call: Call): ObservedSession {
    const session = new ObservedSession(id, server, null, call.minorVersion, call, false);
    this.addSession(session);
    this.#emit("session-opened", session);
    return session;
  }

  #forget(session: ObservedSession): void {
    this.#slots.leave(session);
    this.#emit("session-forgotten", session);
  }

  addSession(session: ObservedSession): void {
    const { sessions } = session.server;
    const namesake = sessions.get(session.id);
    if (namesake !== undefined) this.#forget(namesake);
    else if (sessions.size >= SESSIONS_MAX) {
      this.#forgetOldest(sessions);
      this.sessionsDropped++;
    }
    sessions.set(session.id, session);
  }

  #forgetOldest(sessions: Map<string, ObservedSession>): void {
    for (const oldest of sessions.values()) {
      sessions.delete(oldest.id);
      this.#forget(oldest);
      return;
    }
  }

  /** The reply to a call given to `sequenceCall`; `result` is null unless SEQUENCE succeeded. */
  sequenceReply(call: Call, reply: Reply, result: SequenceResult | null): void {
    call.reply = reply;
    const { session } = call;
    if (session === null) return;
    const table = session.table(call.channel);
    table.settled(call);
    table.replies++;
    session.repliesSeen++;
    session.lastReplyAt = reply.at;
    if (result !== null) this.#checkIdentity(call, session, result);
    if (reply.sequenceStatus === NFS4_OK) this.#succeeded(call, reply, session, table);
    else this.#failed(call, reply, session);
  }

  #checkIdentity(call: Call, session: ObservedSession, result: SequenceResult): void {
    if (!result.sessionMatches)
      this.#emit("reply-mismatch", { call, field: "session", sent: session.id, got: result.sessionId });
    if (result.seq !== call.seq)
      this.#emit("reply-mismatch", { call, field: "seq", sent: String(call.seq), got: String(result.seq) });
    if (result.slotId !== call.slotId)
      this.#emit("reply-mismatch", { call, field: "slot", sent: String(call.slotId), got: String(result.slotId) });
  }

  #succeeded(call: Call, reply: Reply, session: ObservedSession, table: ObservedSlotTable): void {
    if (!session.isBound(call.connection, call.channel)) this.bind(session, call, call.channel, "use");
    session.lastRenewalAt = reply.at;
    if (reply.statusFlags !== 0) this.#flagged(session, reply);
    if (reply.targetHighestSlotId > reply.highestSlotId) this.#emit("target-above-limit", call);
    if (call.original === null && call.isSlotsLatest) {
      if (reply.highestSlotId < call.highestSlotId) this.#emit("limit-below-call", call);
      table.learnLimits(reply);
    }
    if (call.verdict === "ahead") noteAcceptedJump(session, call);
    this.#judged(call, reply);
    if ((reply.statusFlags | session.statusFlags) !== 0 && call.channel === "fore")
      noteStatusFlags(session, call, reply, this.#emit);
  }

  #flagged(session: ObservedSession, { statusFlags, at }: Reply): void {
    countFlags(session, statusFlags);
    if (session.client !== null && (statusFlags & SEQ4_STATUS_RESTART_RECLAIM_NEEDED) !== 0)
      session.client.reclaimNeededAt = at;
  }

  #failed(call: Call, reply: Reply, session: ObservedSession): void {
    const status = reply.slotStatus;
    if (status > 0) session.sequenceErrors.set(status, (session.sequenceErrors.get(status) ?? 0) + 1);
    // A client that refuses a callback does not end the session: its own requests go on. RFC 8881 §2.10.3
    const isServers = call.channel === "fore";
    if (status === NFS4ERR_BADSESSION && isServers && session.isUnproven) {
      session.server.sessions.delete(session.id);
      this.#slots.leave(session);
      session.disowned ??= reply;
      call.slot = null;
      this.#emit("unknown-session", { call, sessionId: session.id });
      return;
    }
    this.#judged(call, reply);
    if (!isServers) return;
    if (status === NFS4ERR_BADSESSION || status === NFS4ERR_DEADSESSION) this.disown(session, call, reply);
    else noteRefusal(call, reply);
  }

  /** The call's connection serves the channel from now on, as its reply shows. */
  bind(session: ObservedSession, call: Call, channel: Call["channel"], how: ConnectionBound["how"]): void {
    if (!session.bind(call.connection, channel)) return;
    this.#emit("connection-bound", { by: call, session, connection: call.connection, bound: channel, how });
  }

  #judged(call: Call, reply: Reply): void {
    if (call.slot !== null && call.verdict !== "unjudged") observeReply(call.slot, call, reply, this.#emit);
    else this.#emit("answer", call);
  }

  /** A later transmission took over its xid: what comes now answers that one. */
  release(call: Call): void {
    if (!call.isOutstanding) return;
    call.isAbandoned = true;
    call.session?.table(call.channel).settled(call);
    tellOddities(call, this.#emit);
    this.exchanges?.abandoned(call);
  }

  /**
   * A reply that belongs to no call on its connection: the slot has moved without our seeing it,
   * or its call went out on another connection.
   */
  orphanReply(
    connection: ObservedConnection,
    xid: number,
    { result }: OrphanReply,
    seen: Sighting,
    owner: Call | null = null,
  ): void {
    const call = owner ?? (result === null ? null : this.#callElsewhere(connection, xid, result));
    if (call?.reply === null) this.#emit("reply-elsewhere", { call, connection, reply: seen });
    else {
      const sinceOpenNanos = seen.at - connection.opened.at;
      this.#emit("reply-orphan", { connection, xid, reply: seen, sinceOpenNanos });
    }
    if (result !== null) this.#advance(connection, result, seen);
  }

  /** The call on another connection that a reply seems to belong to; the reply's own may still turn up. */
  ownerElsewhere(connection: ObservedConnection, xid: number, position: SlotPosition, seen: Sighting): Call | null {
    const call = this.#callElsewhere(connection, xid, position);
    if (call !== null) call.repliedElsewhere ??= { capture: seen.capture, frame: seen.frame, at: seen.at };
    return call;
  }

  #callElsewhere(connection: ObservedConnection, xid: number, result: SlotPosition): Call | null {
    const { current } = this.#slotOf(connection, result) ?? { current: null };
    const sent = current?.transmissions ?? [];
    const isIt = (call: Call) =>
      call.xid === xid && call.seq === result.seq && call.reply === null && call.connection !== connection;
    return sent.find(isIt) ?? null;
  }

  #slotOf(connection: ObservedConnection, { sessionId, slotId }: SlotPosition): ObservedSlot | null {
    return this.#instanceOf(connection).sessions.get(sessionId)?.fore.slots[slotId] ?? null;
  }

  #advance(connection: ObservedConnection, { sessionId, slotId, seq }: SlotPosition, seen: Sighting): void {
    const session = this.#instanceOf(connection).sessions.get(sessionId);
    if (session === undefined) return;
    const table = session.fore;
    table.replies++;
    session.lastReplyAt = seen.at;
    session.lastRenewalAt = seen.at;
    const slot = table.slots[slotId] ?? this.#addSlot(table, slotId, seen.at);
    if (slot === null) return;
    slot.replies++;
    // Only forward: the reply to an older request says nothing new.
    if (slot.anchor === "none" || (seq - slot.lastSeq) >>> 0 < 0x8000_0000) adoptReply(slot, seq, seen.at);
  }

  /** The server asks for slots of the fore channel: `target` is -1 when it could not be read. RFC 8881 §20.8 */
  slotRecall(call: Call, target: number): void {
    if (call.session === null) return;
    const table = call.session.fore;
    table.recalled({ call, target });
    this.#emit("slot-recall", { call, table });
  }

  /** No reply will come: the connection or the capture ended. */
  abandon(call: Call): void {
    call.isAbandoned = true;
    if (call.session !== null) {
      call.session.table(call.channel).settled(call);
      this.#emit("unanswered", call);
    }
    tellOddities(call, this.#emit);
    this.exchanges?.abandoned(call);
  }

  /** The server no longer knows a session, as it said in answer to `call`. */
  disown(session: ObservedSession, call: Call, seen: Sighting): void {
    if (session.isLive) noteLostSession(session, call, seen.at);
    session.disowned ??= seen;
  }

  limits() {
    return [
      { name: "sessions of a server", bound: SESSIONS_MAX, dropped: this.sessionsDropped },
      { name: "slots of a session", bound: OBSERVED_SLOTS_MAX, dropped: this.slotsDropped },
      { name: "sessions of a client ID", bound: CLIENT_SESSIONS_MAX, dropped: this.clientSessionsDropped },
      { name: "client IDs of a server", bound: CLIENTS_MAX, dropped: this.clientsDropped },
      { name: "servers", bound: SERVERS_MAX, dropped: this.serversDropped },
      ...this.#slots.limits(),
    ];
  }
}

function countFlags(session: ObservedSession, flags: number): void {
  for (let bits = flags; bits !== 0; bits &= bits - 1) {
    const bit = 31 - Math.clz32(bits & -bits);
    session.statusFlagCounts.set(bit, (session.statusFlagCounts.get(bit) ?? 0) + 1);
  }
}
