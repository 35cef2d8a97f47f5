import {
  NFS4_OK,
  NFS4ERR_BADSLOT,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../nfs4/constants.ts";
import type { Call, Reply } from "./call.ts";
import { NO_STATUS, UNREADABLE } from "./call.ts";
import type { FactSink } from "./facts.ts";
import { tellCleanAnswer, tellNewCall } from "./healthy-traffic.ts";
import type { ObservedSlot } from "./observed-slot.ts";
import { judge } from "./slot.ts";

/** A call that was sent before another is recorded behind it by no more than this. */
const OVERTAKING_NANOS = 2e6;
/** Retries of one request that are kept one by one. */
const RETRIES_KEPT = 64;

/** Judges a call against what is known of its slot, and takes it into the slot's state. RFC 8881 §2.10.6.1 */
export function observeCall(slot: ObservedSlot, call: Call, emit: FactSink): void {
  slot.calls++;
  if (slot.firstSeq < 0) slot.firstSeq = call.seq;
  if (slot.wasRetired) observeOnRetired(slot, call, emit);
  else observeOn(slot, call, emit);
}

function observeOnRetired(slot: ObservedSlot, call: Call, emit: FactSink): void {
  const lastSeq = slot.anchor === "none" ? 0 : slot.lastSeq;
  observeOn(slot, call, emit);
  if (!slot.wasRetired && lastSeq !== 0) emit("slot-regranted", { call, lastSeq });
}

function observeOn(slot: ObservedSlot, call: Call, emit: FactSink): void {
  if (slot.anchor === "none" || (slot.wasRetired && startsAnew(slot, call))) {
    adopt(slot, call, emit);
    return;
  }
  call.lastSeqBefore = slot.lastSeq;
  call.distance = (call.seq - slot.lastSeq) >>> 0;
  call.previous = slot.current;
  call.slotWasBusy = slot.isBusy;
  const isUntouched = slot.current === null && slot.anchor === "created" && slot.lastSeq === 0;
  call.verdict = judge(slot.lastSeq, call.slotWasBusy, call.seq, isUntouched);
  if (call.distance === 1) advance(slot, call, emit);
  else if (call.distance === 0 && !isUntouched) repeat(slot, call, emit);
  else {
    if (call.verdict === "ahead") slot.ahead = call;
    else noteDisorder(slot.current, call);
    call.copyOf = supersededTwin(call);
    emit("call-misordered", call);
  }
}

/**
 * A slot that was taken away and granted again starts at 1 or where it was: the RFC does not say which. Where it was
 * at 1 before, the new life looks like a retry; but a retry has a reason, and is the same request.
 */
function startsAnew({ lastSeq, current }: ObservedSlot, { seq, fingerprint, principal }: Call): boolean {
  if (seq !== 1) return false;
  if (lastSeq !== 1 || current === null) return lastSeq !== 0;
  const isSame = current.fingerprint === fingerprint && current.principal === principal;
  return hasReply(current) && (!isSame || current.connection.isOpen);
}

/** On several interfaces two calls of a slot may be recorded in the wrong order. */
function noteDisorder(later: Call | null, call: Call): void {
  if (later === null || later.connection === call.connection || call.at - later.at > OVERTAKING_NANOS) return;
  later.isOutOfOrder = true;
  call.isOutOfOrder = true;
}

/** The request before the slot's last one, if the network delivered a copy of it late. */
function supersededTwin(call: Call): Call | null {
  const older = call.previous?.previous ?? null;
  if (older === null || older.seq !== call.seq || older.fingerprint !== call.fingerprint) return null;
  const isKnownXid = older.xid === call.xid || (older.retries?.some(({ xid }) => xid === call.xid) ?? false);
  return isKnownXid ? older : null;
}

function adopt(slot: ObservedSlot, call: Call, emit: FactSink): void {
  if (slot.anchor !== "none") call.lastSeqBefore = slot.lastSeq;
  slot.anchor = "adopted";
  // A request that was under way when the limit came down does not give the slot back.
  slot.wasRetired = slot.table.isAboveLimit(slot);
  slot.mayBeUnmoved = false;
  slot.cleanRun = 0;
  slot.lastSeq = call.seq;
  slot.current = call;
  call.verdict = "adopted";
  emit("call-adopted", call);
}

function advance(slot: ObservedSlot, call: Call, emit: FactSink): void {
  const { previous } = call;
  slot.lastSeq = call.seq;
  slot.current = call;
  slot.mayBeUnmoved = false;
  if (slot.ahead !== null) noteDisorder(slot.ahead, call);
  if (slot.wasRetired) slot.wasRetired = slot.table.isAboveLimit(slot);
  // "acknowledgement by reuse": only a missing reply makes the reuse remarkable. RFC 8881 §2.10.6.1
  if (previous !== null && !hasReply(previous)) {
    // Busy or lost with its connection: the slot stands at either of two places.
    call.verdict = "early";
    emit("call-early", call);
  } else tellNewCall(call, slot.table, emit);
  cutHistory(call);
}

/** Two links back stay, for early calls that wait for their replies; a longer chain would keep every call alive. */
function cutHistory({ previous }: Call): void {
  const older = previous?.previous;
  if (older != null) older.previous = null;
}

function repeat(slot: ObservedSlot, call: Call, emit: FactSink): void {
  const { current } = slot;
  if (current === null || slot.mayBeUnmoved) {
    // The slot's last request was never seen, or got an answer that may have left the slot where it was.
    slot.current = call;
    slot.mayBeUnmoved = false;
    call.previous = null;
    call.verdict = current === null ? "adopted" : "new";
    if (current === null) emit("call-adopted", call);
    else tellNewCall(call, slot.table, emit);
    return;
  }
  call.original = current;
  call.previous = current.previous;
  current.retries ??= [];
  if (current.retries.length < RETRIES_KEPT) current.retries.push(call);
  slot.retries++;
  slot.table.retries++;
  emit("call-retry", call);
}

function hasReply(call: Call): boolean {
  return call.reply !== null || (call.retries?.some((retry) => retry.reply !== null) ?? false);
}

/** Takes the reply to a judged call into the slot's state; `call.reply` is set. */
export function observeReply(slot: ObservedSlot, call: Call, reply: Reply, emit: FactSink): void {
  slot.replies++;
  if (reply.sequenceStatus === NFS4_OK) accepted(slot, call, reply, emit);
  else refused(slot, call, reply, emit);
}

function accepted(slot: ObservedSlot, call: Call, reply: Reply, emit: FactSink): void {
  if (reply.at >= call.at) slot.latencyMicros.add((reply.at - call.at) / 1000);
  slot.misorderedRun = 0;
  const { verdict } = call;
  if (
    (verdict === "new" || verdict === "adopted") &&
    call.retries === null &&
    slot.current === call &&
    !isRecovering(slot)
  ) {
    slot.cleanAt = reply.at;
    slot.cleanRun++;
    slot.refused = null;
    tellCleanAnswer(call, reply, slot.table, emit);
    return;
  }
  emit("answer", call);
  const isOvertaken = verdict === "behind" && call.isOutOfOrder;
  if (verdict === "ahead" || (verdict === "behind" && !isOvertaken) || verdict === "zero-first")
    resynchronise(slot, call, reply);
  if (slot.current?.first === call.first) {
    slot.recoveringFrom = null;
    slot.refused = null;
  }
}

function isRecovering(slot: ObservedSlot): boolean {
  return slot.recoveringFrom !== null;
}

/** An OK reply whose call was not captured tells where the slot stands. */
export function adoptReply(slot: ObservedSlot, seq: number, at: number): void {
  const { current } = slot;
  if (slot.anchor !== "none" && slot.lastSeq === seq && current !== null && hasReply(current)) return;
  slot.anchor = "adopted";
  slot.cleanRun = 0;
  slot.cleanAt = at;
  slot.lastSeq = seq;
  slot.current = null;
}

/** The replier knows better than we do what came before. */
function resynchronise(slot: ObservedSlot, call: Call, reply: Reply): void {
  slot.anchor = "adopted";
  slot.cleanRun = 0;
  slot.cleanAt = reply.at;
  slot.lastSeq = call.seq;
  slot.current = call;
  cutHistory(call);
}

function refused(slot: ObservedSlot, call: Call, reply: Reply, emit: FactSink): void {
  const { sequenceStatus } = reply;
  countMisordered(slot, call, reply);
  emit("answer", call);
  slot.refused = call;
  if (sequenceStatus === NFS4ERR_BADSLOT) slot.wasRetired = true;
  if (sequenceStatus === NFS4ERR_RETRY_UNCACHED_REP || sequenceStatus === NFS4ERR_SEQ_FALSE_RETRY) return;
  if (!isUntold(reply)) rollBack(slot, call, sequenceStatus);
  else if (slot.current?.first === call.first) slot.mayBeUnmoved = true;
}

/** The reply does not tell what became of SEQUENCE: no results, cut off, or encrypted. */
function isUntold({ sequenceStatus, rpcError }: Reply): boolean {
  return sequenceStatus === NO_STATUS && (rpcError === null || rpcError === UNREADABLE);
}

function countMisordered(slot: ObservedSlot, call: Call, reply: Reply): void {
  if (reply.sequenceStatus !== NFS4ERR_SEQ_MISORDERED) {
    slot.misorderedRun = 0;
    return;
  }
  if (slot.misorderedRun++ === 0) {
    slot.misorderedSince = reply.at;
    slot.misorderedFirst = call;
  }
  const { previous } = call;
  if (call.distance === 1 && previous !== null && !hasReply(previous)) slot.recoveringFrom ??= previous;
}

/**
 * A SEQUENCE error leaves the slot as it was (§18.46.3): what comes next with this sequence id is a fresh attempt.
 * Not while another transmission may still be running, or was taken.
 */
function rollBack(slot: ObservedSlot, call: Call, status: number): void {
  const { first } = call;
  if (slot.current?.first !== first) return;
  if (call.verdict === "adopted") {
    slot.anchor = "none";
    slot.current = null;
    return;
  }
  if (first.wasAccepted || hasUnansweredTransmission(first)) return;
  if (status === NFS4ERR_SEQ_MISORDERED && first.verdict === "adopted") slot.anchor = "none";
  slot.lastSeq = (first.seq - 1) >>> 0;
  slot.current = first.previous;
}

function hasUnansweredTransmission(first: Call): boolean {
  return first.reply === null || (first.retries?.some((retry) => retry.reply === null) ?? false);
}
