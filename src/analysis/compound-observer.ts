import { Compound } from "../nfs4/compound.ts";
import { NFS4_OK, OP_CB_SEQUENCE, OP_ILLEGAL, OP_SEQUENCE } from "../nfs4/constants.ts";
import { decodeOperation } from "../nfs4/fields.ts";
import { fingerprint } from "../nfs4/fingerprint.ts";
import { callbackSequenceArgs, callbackSequenceResult, sequenceArgs, sequenceResult } from "../nfs4/sequence.ts";
import { skimCall, skimCallbackCall, skimCallbackReply, skimReply } from "../nfs4/skim.ts";
import { Call, PRINCIPAL_UNKNOWN, Reply, UNREADABLE } from "../session/call.ts";
import type { CallbackHeader } from "../session/callback-header.ts";
import type { Observation, OrphanReply, SequenceResult } from "../session/observation.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import { tellOddities } from "../session/oddities.ts";
import { OperationLists } from "../session/operation-list.ts";
import { SessionOperations } from "../session/session-operations.ts";
import type { Sighting } from "../session/sighting.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import type { Body } from "./body.ts";
import { askedBytes, callFault } from "./call-form.ts";
import type { CurrentFrame } from "./current-frame.ts";
import { tellGrants } from "./grant-reader.ts";
import { KeptRequests } from "./kept-requests.ts";
import { learnLease } from "./lease-reader.ts";
import { checkShape } from "./reply-shape.ts";
import { refusalOf } from "./rpc-refusal.ts";
import { SessionIds } from "./session-ids.ts";
import { SessionOperationReader } from "./session-operation-reader.ts";
import type { Tally } from "./tally.ts";

/** Bytes of a tag that take part in its hash. */
const TAG_HASHED_BYTES = 256;

/** Numbers of the operations that are told of one by one, by channel. */
export interface WatchedOperations {
  readonly fore: ReadonlySet<number>;
  readonly back: ReadonlySet<number>;
}

/** Turns COMPOUND bodies into the model's calls and replies: the only bridge from nfs4 to session. */
export class CompoundObserver {
  readonly lists: OperationLists;
  readonly callbackLists: OperationLists;
  readonly #observation: Observation;
  readonly #operations: SessionOperationReader;
  readonly #now: CurrentFrame;
  readonly #tally: Tally;
  readonly kept = new KeptRequests();
  readonly #sessionIds = new SessionIds();
  readonly #calls = { compound: new Compound(), cursor: new Cursor(), of: null as Call | null };
  readonly #replies = { compound: new Compound(), cursor: new Cursor(), of: null as Call | null };
  readonly #result: SequenceResult = { sessionMatches: true, sessionId: "", seq: 0, slotId: 0 };

  constructor(observation: Observation, now: CurrentFrame, tally: Tally, watched: WatchedOperations) {
    this.lists = new OperationLists(watched.fore);
    this.callbackLists = new OperationLists(watched.back, "back");
    this.#observation = observation;
    this.#operations = new SessionOperationReader(new SessionOperations(observation));
    this.#now = now;
    this.#tally = tally;
  }

  /**
   * A COMPOUND call; null when it is of minor version 0 and in order, or cut off in its head.
   * `judge()` must follow once the call is entered under its xid.
   */
  call(connection: ObservedConnection, xid: number, body: Body, principal: number): Call | null {
    const { compound, cursor } = this.#calls;
    this.#calls.of = null;
    cursor.reset(body.bytes, body.start, body.end, body.elidedAt, body.elidedLength);
    skimCall(cursor, compound, body.truncated);
    if (compound.minorVersion >= 0 && compound.minorVersion <= 2) this.#tally.compounds[compound.minorVersion]!++;
    if (compound.error !== null) this.#tally.notUnderstood++;
    if (compound.truncated && compound.count === 0 && compound.minorVersion !== 0) this.#cutCall(connection, body);
    if (compound.minorVersion < 1 && !this.#isFaultyAnyway()) return null;
    return this.#newCall("fore", connection, xid, body, principal);
  }

  /** Minor version 0 is not followed; what it does not have is noticed all the same, and a head that cannot be read. */
  #isFaultyAnyway(): boolean {
    const { compound } = this.#calls;
    const { minorVersion, error, count, ops } = compound;
    if (minorVersion < 0) return error !== null;
    return error === null && callFault(this.lists.of(ops, count), compound) !== null;
  }

  /** The same for CB_COMPOUND; in minor version 0 only one that is led by CB_SEQUENCE, which that does not have. */
  callbackCall(
    connection: ObservedConnection,
    xid: number,
    body: Body,
    principal: number,
    header: CallbackHeader,
  ): Call | null {
    const { compound, cursor } = this.#calls;
    this.#calls.of = null;
    cursor.reset(body.bytes, body.start, body.end, body.elidedAt, body.elidedLength);
    skimCallbackCall(cursor, compound, body.truncated);
    if (compound.error !== null) this.#tally.notUnderstood++;
    const isSequenced = compound.count > 0 && compound.ops[0] === OP_CB_SEQUENCE;
    if (compound.minorVersion < (isSequenced ? 0 : 1)) return null;
    const call = this.#newCall("back", connection, xid, body, principal);
    call.callback = header;
    return call;
  }

  /** Nobody can say which slot it used: it hides a request just as a gap does. */
  #cutCall(connection: ObservedConnection, body: Body): void {
    this.#tally.sequencesCut++;
    connection.addGap("client", body.length, this.#now.at, this.#now.sighting());
  }

  #newCall(channel: "fore" | "back", connection: ObservedConnection, xid: number, body: Body, principal: number): Call {
    const { compound } = this.#calls;
    const { capture, frame, at } = this.#now;
    const operations = this.#listsOf(channel).of(compound.ops, compound.count);
    const call = new Call(connection, xid, capture, frame, at, operations);
    call.channel = channel;
    call.operationCount = compound.declaredOps;
    if (channel === "fore") {
      call.formFault = callFault(operations, compound);
      call.askedBytes = askedBytes(operations, compound, body.bytes);
    }
    call.minorVersion = compound.minorVersion;
    call.length = body.length;
    call.truncated = compound.truncated;
    call.hasUnknownOperation = compound.unknownOp >= 0 || compound.error !== null;
    call.principal = principal;
    if (principal === PRINCIPAL_UNKNOWN) this.#tally.gssCalls++;
    if (channel === "fore") connection.calls++;
    call.fingerprint = this.kept.take(body.bytes, compound);
    call.tagHash = hashOfTag(body.bytes, compound);
    this.#calls.of = call;
    return call;
  }

  #listsOf(channel: "fore" | "back"): OperationLists {
    return channel === "fore" ? this.lists : this.callbackLists;
  }

  /** Takes the call just made into the model. */
  judge(call: Call): void {
    const { compound, cursor } = this.#calls;
    const isFore = call.channel === "fore";
    if (isFore && call.minorVersion < 1) return;
    if (call.operations.isSequenced) this.#sequence(call);
    if (!isFore) this.#observation.emit("callback-call", call);
    const { watched, misplacedSequence, hasSessionOperation, slotRecall } = call.operations;
    if (misplacedSequence > 0) this.#observation.emit("sequence-misplaced", { call, index: misplacedSequence });
    if (hasSessionOperation) this.#operations.readCall(call, compound, cursor);
    if (slotRecall > 0) this.#slotRecall(call);
    if (watched.length > 0) this.#tellOperations(call);
  }

  #tellOperations(call: Call): void {
    const { watched, numbers } = call.operations;
    for (let i = 0; i < watched.length; i++) {
      const index = watched[i]!;
      this.#observation.emit("operation-call", { call, index, operation: numbers[index]! });
    }
  }

  #slotRecall(call: Call): void {
    const args = this.argsOf(call, call.operations.slotRecall) as { rsa_target_highest_slotid: number } | null;
    this.#observation.slotRecall(call, args?.rsa_target_highest_slotid ?? -1);
  }

  #sequence(call: Call): void {
    const { compound, cursor } = this.#calls;
    const { bytes } = cursor;
    const at = compound.starts[0]!;
    const isFore = call.channel === "fore";
    if (isFore) this.#tally.sequenceCalls++;
    else this.#tally.callbackCalls++;
    const args = isFore ? sequenceArgs : callbackSequenceArgs;
    call.seq = args.sequenceid(bytes, at);
    call.slotId = args.slotid(bytes, at);
    call.highestSlotId = args.highestSlotid(bytes, at);
    call.cachethis = args.cachethis(bytes, at);
    this.#observation.sequenceCall(call, this.#sessionIds.textOf(bytes, args.sessionid(at)));
    this.kept.judged(call);
  }

  /** The reply to `call`, seen then and there, or the news that the RPC layer refused it. */
  reply(call: Call, body: Body, rpcError: string | null, seen: Sighting): void {
    const { compound } = this.#replies;
    const isFore = call.channel === "fore";
    if (rpcError === null) this.#skimReply(body, isFore);
    else compound.clear("reply", body.start);
    const reply = this.#newReply(call, body, rpcError, seen);
    noteReply(call, reply.at);
    this.#replies.of = call;
    if (call.seq >= 0) this.#sequenceReply(call, reply, body.bytes);
    else call.reply = reply;
    if (rpcError !== null) this.#tellRefusal(call, reply, rpcError);
    else if (call.minorVersion > 0 || !isFore) this.#readResults(call, reply, body.bytes);
    tellOddities(call, this.#observation.sink);
    this.#observation.exchanges?.answered(call, compound.statuses);
    this.#replies.of = null;
  }

  #skimReply(body: Body, isFore: boolean): void {
    const { compound, cursor } = this.#replies;
    cursor.reset(body.bytes, body.start, body.end, body.elidedAt, body.elidedLength);
    if (isFore) skimReply(cursor, compound, body.truncated);
    else skimCallbackReply(cursor, compound, body.truncated);
    if (compound.error !== null) this.#tally.notUnderstood++;
    if (compound.truncated && compound.count === 0) this.#tally.sequencesCut++;
  }

  #newReply(call: Call, body: Body, rpcError: string | null, { capture, frame, at }: Sighting): Reply {
    const { compound } = this.#replies;
    const { ops, statuses, count } = compound;
    // Nearly always all that was asked for is answered.
    const results = call.operations.is(ops, count) ? call.operations : this.#listsOf(call.channel).of(ops, count);
    const reply = new Reply(capture, frame, at, results);
    reply.length = body.length;
    reply.rpcError = rpcError;
    if (rpcError !== null) return reply;
    reply.truncated = compound.truncated;
    reply.status = compound.status;
    reply.tagHash = hashOfTag(body.bytes, compound);
    if (count === 0) return reply;
    reply.lastStatus = statuses[count - 1]!;
    if (count > 1) reply.secondStatus = statuses[1]!;
    if (ops[0] === OP_SEQUENCE || ops[0] === OP_CB_SEQUENCE) reply.sequenceStatus = statuses[0]!;
    reply.digest = fingerprint(body.bytes, compound, 1);
    return reply;
  }

  #tellRefusal(call: Call, reply: Reply, rpcError: string): void {
    if (rpcError !== UNREADABLE && (call.minorVersion !== 0 || call.channel === "back"))
      this.#observation.emit("rpc-refused", refusalOf(call.connection, call, call, rpcError, reply));
  }

  /** What a reply that can be read says beside SEQUENCE. */
  #readResults(call: Call, reply: Reply, bytes: Uint8Array): void {
    const { compound, cursor } = this.#replies;
    const { sink } = this.#observation;
    const { serverInstance } = call.connection;
    if (serverInstance?.leaseSeconds === null && reply.results.hasGetattr) learnLease(serverInstance, compound, cursor);
    checkShape(call, reply, compound, sink);
    if (call.sessionOperations !== null) this.#operations.readReply(call, reply, compound, cursor);
    if (reply.results.mayGrant) tellGrants(call, compound, bytes, sink);
    if (call.operations.watched.length > 0) this.#tellResults(call, compound);
  }

  #tellResults(call: Call, { count, ops, statuses }: Compound): void {
    const { watched, numbers } = call.operations;
    for (let i = 0; i < watched.length; i++) {
      const index = watched[i]!;
      const operation = numbers[index]!;
      // A server that does not know the operation answers as ILLEGAL. RFC 8881 §16.2.3
      if (index >= count || (ops[index] !== operation && ops[index] !== OP_ILLEGAL)) return;
      this.#observation.emit("operation-result", { call, index, operation, status: statuses[index]! });
    }
  }

  #sequenceReply(call: Call, reply: Reply, bytes: Uint8Array): void {
    const { compound } = this.#replies;
    const isFore = call.channel === "fore";
    if (compound.count > 0) {
      if (isFore) this.#tally.sequenceReplies++;
      else this.#tally.callbackReplies++;
    }
    if (reply.sequenceStatus !== NFS4_OK) {
      this.#observation.sequenceReply(call, reply, null);
      return;
    }
    const at = compound.starts[0]!;
    const result = isFore ? sequenceResult : callbackSequenceResult;
    reply.highestSlotId = result.highestSlotid(bytes, at);
    reply.targetHighestSlotId = result.targetHighestSlotid(bytes, at);
    if (isFore) reply.statusFlags = sequenceResult.statusFlags(bytes, at);
    const sessionId = this.#sessionIds.textOf(bytes, result.sessionid(at));
    this.#result.sessionId = sessionId;
    this.#result.sessionMatches = call.session === null || sessionId === call.session.id;
    this.#result.seq = result.sequenceid(bytes, at);
    this.#result.slotId = result.slotid(bytes, at);
    this.#observation.sequenceReply(call, reply, this.#result);
  }

  /** What a reply whose call was not captured says of a slot; null unless it is one to a COMPOUND led by SEQUENCE. */
  orphan(body: Body): OrphanReply | null {
    const { compound, cursor } = this.#replies;
    cursor.reset(body.bytes, body.start, body.end, body.elidedAt, body.elidedLength);
    skimReply(cursor, compound, body.truncated);
    const isReadable = compound.error === null && compound.unknownOp < 0 && compound.trailingBytes === 0;
    if (!isReadable || compound.count === 0 || compound.ops[0] !== OP_SEQUENCE) return null;
    if (compound.statuses[0] !== NFS4_OK) return { result: null };
    const { bytes } = cursor;
    const at = compound.starts[0]!;
    const sessionId = this.#sessionIds.textOf(bytes, sequenceResult.sessionid(at));
    const slotId = sequenceResult.slotid(bytes, at);
    return { result: { sessionId, slotId, seq: sequenceResult.sequenceid(bytes, at) } };
  }

  /** Decoded arguments of an operation of the call being told of. */
  argsOf(call: Call, index: number): unknown {
    return this.#calls.of === call ? decode(this.#calls.compound, index, this.#calls.cursor) : null;
  }

  /** Decoded result of an operation of the reply being told of. */
  resultOf(call: Call, index: number): unknown {
    return this.#replies.of === call ? decode(this.#replies.compound, index, this.#replies.cursor) : null;
  }
}

const peeked = { compound: new Compound(), cursor: new Cursor() };

/** A CB_COMPOUND of a minor version that has sessions, and led by CB_SEQUENCE. */
export function isCallbackBody(body: Body): boolean {
  const { compound, cursor } = peeked;
  cursor.reset(body.bytes, body.start, body.end, body.elidedAt, body.elidedLength);
  skimCallbackCall(cursor, compound, body.truncated);
  return compound.minorVersion >= 1 && compound.count > 0 && compound.ops[0] === OP_CB_SEQUENCE;
}

/** The other end is alive, and so far away. */
function noteReply({ connection, channel, at }: Call, repliedAt: number): void {
  if (channel === "fore") {
    connection.lastReplyAt = repliedAt;
    if (at > connection.lastAnsweredCallAt) connection.lastAnsweredCallAt = at;
  } else {
    connection.lastCallbackReplyAt = repliedAt;
  }
  const taken = repliedAt - at;
  if (taken >= 0 && taken < connection.roundTripNanos) connection.roundTripNanos = taken;
}

function decode(compound: Compound, index: number, cursor: Cursor): unknown {
  if (index >= compound.count) return null;
  try {
    return decodeOperation(compound, index, cursor);
  } catch (error) {
    if (error instanceof XdrError) return null;
    throw error;
  }
}

function hashOfTag(bytes: Uint8Array, { tagOffset, tagLength }: Compound): number {
  return tagLength === 0 ? 0 : hashTag(bytes, tagOffset, tagLength);
}

function hashTag(bytes: Uint8Array, offset: number, length: number): number {
  let hash = length;
  const end = Math.min(offset + Math.min(length, TAG_HASHED_BYTES), bytes.length);
  for (let at = offset; at < end; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return hash;
}
