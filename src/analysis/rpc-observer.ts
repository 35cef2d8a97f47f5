import type { Connection, StreamConsumer } from "../net/stream.ts";
import { principal } from "../rpc/auth-sys.ts";
import { CALL } from "../rpc/constants.ts";
import { ExchangeTable } from "../rpc/exchange.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { isTransientProgram, NFS_PROGRAM } from "../rpc/programs.ts";
import { RecordReader } from "../rpc/record.ts";
import type { RpcRecord } from "../rpc/rpc-record.ts";
import { isStartTls, isTlsProbe } from "../rpc/tls.ts";
import { Call, UNREADABLE } from "../session/call.ts";
import type { Observation, OrphanReply } from "../session/observation.ts";
import { ObservedConnection } from "../session/observed-connection.ts";
import type { Sighting } from "../session/sighting.ts";
import { blankBody } from "./body.ts";
import { callbackHeader } from "./callback-header.ts";
import type { CaptureEvidence } from "./capture-evidence.ts";
import { type CompoundObserver, isCallbackBody } from "./compound-observer.ts";
import { COUNTED, COUNTED_CALLBACK, type CountedCall, ENCRYPTED } from "./counted-call.ts";
import type { CurrentFrame } from "./current-frame.ts";
import { EarlyReplies, type EarlyReply, mayBeEarly } from "./early-replies.ts";
import { endpointText } from "./endpoint-text.ts";
import { type GssReader, NO_SERVICE, peersOf } from "./gss-reader.ts";
import { locatePayload } from "./payload-locator.ts";
import { refusalOf, rpcRefusal } from "./rpc-refusal.ts";
import type { Tally } from "./tally.ts";

const NFS_V4 = 4;
const COMPOUND = 1;
/** Gaps remembered of a connection before NFS was seen on it. */
const EARLY_GAPS_MAX = 64;

type Pending = Call | CountedCall;

/** A gap from before it was known which end is the client. */
interface EarlyGap {
  readonly index: 0 | 1;
  readonly bytes: number;
  readonly from: number;
  readonly sighting: Sighting;
}

/** What the observers of all connections share. */
export interface Shared {
  readonly observation: Observation;
  readonly compounds: CompoundObserver;
  readonly now: CurrentFrame;
  readonly tally: Tally;
  readonly evidence: CaptureEvidence;
  readonly gss: GssReader;
  readonly spareReplies: EarlyReply[];
  /** A connection turned out to carry NFSv4. */
  adopt(connection: ObservedConnection): void;
}

const header = new RpcHeader();
const body = blankBody();

/** One TCP connection: its RPC messages in both directions, and which of them are NFSv4.1. */
export class RpcObserver {
  readonly network: Connection;
  readonly readers: readonly [RecordReader, RecordReader];
  /** Set once NFSv4 was seen; it knows which end is the client. */
  nfs: ObservedConnection | null = null;
  readonly #shared: Shared;
  /** By the direction of the calls. */
  readonly #exchanges: readonly [ExchangeTable<Pending>, ExchangeTable<Pending>];
  /** Tells parties apart where a GSS handle does not. */
  readonly #peers: number;
  readonly #opened: Sighting;
  /** Which end the client is, once known. */
  #clientEnd: 0 | 1 = 0;
  #isRpc = false;
  readonly #lastBytesAt: [number, number];
  readonly #bytesLost: [number, number] = [0, 0];
  /** When bytes of a direction were last found to be missing or unreadable. */
  readonly #lossAt: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  readonly #early: readonly [EarlyReplies, EarlyReplies];
  readonly #earlyGaps: EarlyGap[] = [];

  constructor(network: Connection, shared: Shared) {
    this.network = network;
    this.#shared = shared;
    this.#opened = shared.now.sighting();
    this.#peers = peersOf(network.ends);
    this.#lastBytesAt = [shared.now.at, shared.now.at];
    this.#exchanges = [this.#newTable(0), this.#newTable(1)];
    this.#early = [
      new EarlyReplies((reply) => this.#orphan(0, reply), shared.spareReplies),
      new EarlyReplies((reply) => this.#orphan(1, reply), shared.spareReplies),
    ];
    this.readers = [this.#newReader(0), this.#newReader(1)];
  }

  #newTable(index: 0 | 1): ExchangeTable<Pending> {
    return new ExchangeTable(
      (pending) => this.#abandon(index, pending),
      (pending) => pending instanceof Call && pending.isSlotFarBeyond,
    );
  }

  #newReader(index: 0 | 1): RecordReader {
    return new RecordReader(
      { record: (record) => this.#record(index, record) },
      {
        startsInSync: this.network.initiator !== null,
        locatePayload,
        knowsXid: (xid) => this.#exchanges[1 - index]!.has(xid),
      },
    );
  }

  /** The stream of one direction. */
  consumer(index: 0 | 1): StreamConsumer {
    const reader = this.readers[index];
    const { now } = this.#shared;
    return {
      bytes: (bytes, start, end) => {
        reader.bytes(bytes, start, end);
        if (reader.bytesGivenUp !== this.#bytesLost[index]) this.#unreadable(index);
        this.#lastBytesAt[index] = now.at;
      },
      late: () => this.nfs?.gapsAround.add(this.#lastBytesAt[index], now.latestAt),
      missing: (length, why) => {
        if (why === "gap") this.#gap(index, length);
        reader.missing(length, why);
        if (why === "gap") this.#bytesLost[index] = reader.bytesGivenUp;
        else if (reader.bytesGivenUp !== this.#bytesLost[index]) this.#unreadable(index);
      },
    };
  }

  /** Bytes that no record came out of may hide a message just as missing ones do. */
  #unreadable(index: 0 | 1): void {
    const { bytesGivenUp } = this.readers[index];
    const bytes = bytesGivenUp - this.#bytesLost[index];
    this.#bytesLost[index] = bytesGivenUp;
    // A stream that turns out to be no RPC at all takes back what it lost.
    if (bytes <= 0) return;
    this.#lossAt[index] = this.#shared.now.at;
    this.nfs?.addGap(this.#senderAt(index), bytes, this.#lastBytesAt[index], this.#shared.now.sighting());
  }

  #senderAt(index: 0 | 1): "client" | "server" {
    return index === this.#clientEnd ? "client" : "server";
  }

  #gap(index: 0 | 1, bytes: number): void {
    const { now } = this.#shared;
    const sighting = now.sighting();
    this.#lossAt[index] = now.latestAt;
    const from = this.#lastBytesAt[index];
    if (this.nfs === null) {
      if (this.#earlyGaps.length < EARLY_GAPS_MAX) this.#earlyGaps.push({ index, bytes, from, sighting });
      return;
    }
    const gap = this.nfs.addGap(this.#senderAt(index), bytes, from, sighting, now.latestAt);
    this.#shared.observation.emit("capture-gap", { connection: this.nfs, gap });
  }

  #record(index: 0 | 1, record: RpcRecord): void {
    if (!this.#isRpc) {
      this.#isRpc = true;
      this.#shared.tally.tcpConnections++;
    }
    if (!parseHeader(record.bytes, record.start, record.end, header)) {
      this.#shared.tally.notUnderstood++;
      if (record.truncated) this.#shared.tally.sequencesCut++;
      this.nfs?.addGap(this.#senderAt(index), record.length, this.#shared.now.at, this.#shared.now.sighting());
      return;
    }
    body.bytes = record.bytes;
    body.start = header.bodyStart;
    body.end = record.end;
    body.elidedAt = record.elidedAt;
    body.elidedLength = record.elidedLength;
    body.truncated = record.truncated;
    body.length = record.length;
    if (record.truncated) this.#shared.tally.notUnderstood++;
    if (header.type === CALL) this.#call(index);
    else this.#reply(index);
  }

  #call(index: 0 | 1): void {
    const { tally } = this.#shared;
    const { program, version, procedure, xid } = header;
    if (this.#isCallback(index)) {
      const connection = this.#connectionFrom((1 - index) as 0 | 1);
      this.#enter(index, procedure === COMPOUND ? this.#callback(connection) : COUNTED_CALLBACK);
      return;
    }
    tally.rpcCalls++;
    if (program !== NFS_PROGRAM || version !== NFS_V4 || procedure !== COMPOUND) {
      tally.countOther(program, version);
      const isNfs4 = program === NFS_PROGRAM && version === NFS_V4;
      if (isNfs4) this.#connectionFrom(index);
      this.#exchanges[index].call(xid, isNfs4 ? this.#countedCall() : COUNTED);
      return;
    }
    const connection = this.#connectionFrom(index);
    const service = this.#service(connection);
    const call = service < 0 ? null : this.#shared.compounds.call(connection, xid, body, principal(header, body.bytes));
    if (call !== null) this.#shared.gss.enter(call, service);
    this.#enter(index, call ?? (service < 0 ? ENCRYPTED : COUNTED));
  }

  /** NULL, or a procedure that there is none of. */
  #countedCall(): CountedCall {
    const seen = this.#shared.now.sighting();
    if (isTlsProbe(header)) return { kind: "tls-probe", isCallback: false, seen };
    const isCreation = this.#shared.gss.isCreation(header, body);
    return { kind: isCreation ? "gss-creation" : "nfs", isCallback: false, seen };
  }

  /** Calls towards the client can be nothing else; on a connection that carried no others they have to look like it. */
  #isCallback(index: 0 | 1): boolean {
    if (this.nfs !== null) return index !== this.#clientEnd && header.program !== NFS_PROGRAM;
    return isTransientProgram(header.program) && header.procedure === COMPOUND && isCallbackBody(body);
  }

  #callback(connection: ObservedConnection): Pending {
    const service = this.#service(connection);
    if (service < 0) return COUNTED_CALLBACK;
    const from = callbackHeader(header, body.bytes);
    const call = this.#shared.compounds.callbackCall(connection, header.xid, body, principal(header, body.bytes), from);
    if (call !== null) this.#shared.gss.enter(call, service);
    return call ?? COUNTED_CALLBACK;
  }

  /** Enters a call under its xid. One that it displaces gets no reply any more, whatever comes. */
  #enter(index: 0 | 1, pending: Pending): void {
    const { observation, compounds } = this.#shared;
    const displaced = this.#exchanges[index].call(header.xid, pending);
    if (!(pending instanceof Call)) return;
    compounds.judge(pending);
    if (displaced instanceof Call && displaced.reply === null) {
      if (pending.first !== displaced.first) observation.emit("xid-reused", { call: pending, earlier: displaced });
      observation.release(displaced);
    }
    const early = this.#early[1 - index]!.take(header.xid);
    if (early === undefined) return;
    if (mayBeEarly(early.sighting, this.#shared.now, this.#lossAt[index])) this.#answerEarly(index, pending, early);
    else this.#orphan((1 - index) as 0 | 1, early);
  }

  /** The reply had been there before the call. */
  #answerEarly(index: 0 | 1, call: Call, { sighting, body: replyBody }: EarlyReply): void {
    const { xid, rpcError, seen, interfaceId } = sighting;
    const { now, evidence } = this.#shared;
    this.#exchanges[index].reply(xid);
    if (call.channel === "fore") this.#shared.tally.rpcReplies++;
    if (interfaceId !== now.interfaceId || seen.capture !== now.capture)
      evidence.noteSkew(now.at - seen.at, now.sighting());
    this.#shared.compounds.reply(call, replyBody, rpcError, seen);
  }

  /** Moves the body behind RPCSEC_GSS' wrapping; the service, or NO_SERVICE when it cannot be read. */
  #service(connection: ObservedConnection): number {
    const { gss } = this.#shared;
    const service = gss.service(header, body, this.#peers);
    if (service === NO_SERVICE || gss.unwrap(service, body)) return service;
    connection.encrypted ??= "krb5p";
    connection.opaqueCalls++;
    return NO_SERVICE;
  }

  #connectionFrom(index: 0 | 1): ObservedConnection {
    return this.nfs ?? this.#become(index);
  }

  /** The end that calls program 100003 is the client. */
  #become(clientEnd: 0 | 1): ObservedConnection {
    const { ends, id } = this.network;
    this.#clientEnd = clientEnd;
    const client = ends[clientEnd];
    const server = ends[1 - clientEnd]!;
    const nfs = new ObservedConnection(
      id,
      endpointText(client),
      endpointText(server),
      client.address,
      this.#opened,
      this.network.handshakeSeen,
    );
    nfs.stream = this.network;
    this.nfs = nfs;
    this.#shared.adopt(nfs);
    this.#shared.observation.emit("connection-opened", nfs);
    for (const { index, bytes, from, sighting } of this.#earlyGaps) {
      const gap = nfs.addGap(this.#senderAt(index), bytes, from, sighting);
      this.#shared.observation.emit("capture-gap", { connection: nfs, gap });
    }
    this.#earlyGaps.length = 0;
    return nfs;
  }

  #reply(index: 0 | 1): void {
    const { tally } = this.#shared;
    const exchanges = this.#exchanges[1 - index]!;
    const pending = exchanges.reply(header.xid);
    if (pending === undefined) {
      this.#unmatched(index, exchanges.answered(header.xid));
      return;
    }
    if (!(pending instanceof Call)) {
      if (!pending.isCallback) tally.rpcReplies++;
      if (pending.kind !== "other") this.#countedReply(pending);
      return;
    }
    if (pending.channel === "fore") tally.rpcReplies++;
    this.#deliver(pending);
  }

  #countedReply({ kind, seen }: CountedCall): void {
    const { observation, gss, now } = this.#shared;
    const error = rpcRefusal(header);
    if (kind === "tls-probe") {
      if (isStartTls(header, body.bytes)) this.#goOpaque();
    } else if (error !== null) {
      if (this.nfs !== null) observation.emit("rpc-refused", refusalOf(this.nfs, null, seen, error, now));
    } else if (kind === "gss-creation") gss.creationReply(body, this.#peers);
  }

  #deliver(call: Call): void {
    let rpcError = rpcRefusal(header);
    if (rpcError === null && !this.#shared.gss.unwrap(call.gssService, body)) rpcError = UNREADABLE;
    this.#shared.compounds.reply(call, body, rpcError, this.#shared.now);
  }

  #unmatched(index: 0 | 1, answered: Pending | undefined): void {
    const { observation, now } = this.#shared;
    if (answered instanceof Call) observation.emit("reply-duplicate", { call: answered, reply: now.sighting() });
    else if (answered === undefined) {
      const { xid } = header;
      const [seen, rpcError] = [now.sighting(), rpcRefusal(header)];
      const orphan = rpcError === null ? this.#positionIn(index) : undefined;
      const owner = orphan?.result ? observation.ownerElsewhere(this.nfs!, xid, orphan.result, seen) : null;
      this.#early[index].hold({ xid, rpcError, seen, interfaceId: now.interfaceId, owner, orphan }, body);
    }
  }

  /** Undefined as long as it is not known that the server sent it. */
  #positionIn(index: 0 | 1): OrphanReply | null | undefined {
    return this.nfs === null || index === this.#clientEnd ? undefined : this.#shared.compounds.orphan(body);
  }

  /** No call turned up: it was not captured. */
  #orphan(index: 0 | 1, { sighting, body: replyBody }: EarlyReply): void {
    const { xid, rpcError, seen, owner, orphan: known } = sighting;
    const { observation, compounds, tally } = this.#shared;
    const { nfs } = this;
    if (rpcError !== null || (nfs !== null && index === this.#clientEnd)) return;
    const orphan = known === undefined ? compounds.orphan(replyBody) : known;
    if (orphan !== null || nfs !== null) tally.rpcReplies++;
    if (orphan === null) return;
    tally.sequenceReplies++;
    observation.orphanReply(this.#connectionFrom((1 - index) as 0 | 1), xid, orphan, seen, owner);
  }

  #goOpaque(): void {
    if (this.nfs !== null) this.nfs.encrypted = "tls";
    for (const reader of this.readers) reader.becomeOpaque();
  }

  /** No more bytes will come: what is unanswered stays so. */
  finish(): void {
    for (const reader of this.readers) reader.finish();
    for (const replies of this.#early) replies.expire(Number.POSITIVE_INFINITY);
    for (const index of [0, 1] as const) {
      for (const pending of this.#exchanges[index].outstanding()) this.#abandon(index, pending);
    }
  }

  /** No reply is expected any more. */
  #abandon(index: 0 | 1, pending: Pending): void {
    if (pending instanceof Call) this.#shared.observation.abandon(pending);
    if (index === this.#clientEnd) this.#shared.tally.unansweredCalls++;
  }

  /** Calls let go unanswered because too many waited. */
  get callsForgotten(): number {
    return this.#exchanges[0].dropped + this.#exchanges[1].dropped;
  }

  get clientEnd(): 0 | 1 {
    return this.#clientEnd;
  }
}
