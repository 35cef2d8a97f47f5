import { CALL, PROG_UNAVAIL, SUCCESS } from "../rpc/constants.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { RecordAssembler, RecordError } from "../rpc/record-assembler.ts";
import { type Auth, NO_AUTH, RECORD_MARK_BYTES, type ReplyHeader, writeCall, writeReply } from "../rpc/write.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import type { Cancel, Timers } from "../sys/timers.ts";
import { Sink } from "../xdr/sink.ts";
import { type RpcOutcome, refusalOf } from "./rpc-outcome.ts";
import type { TappedConnection, WireTap } from "./wire-tap.ts";

/** Bytes of the largest reply or callback taken. */
export const RECORD_BYTES_MAX = 8 * 1024 * 1024;
/** Calls without a reply on one connection. */
export const PENDING_CALLS_MAX = 65_536;
/** A record as long as that leaves in the buffer that it was written to; a shorter one is copied. */
const HANDED_OVER_BYTES_MIN = 16 * 1024;
const LAST_FRAGMENT = 0x8000_0000;
/** How long the peer has to end its side after we ended ours. */
const LINGER_MILLIS_MAX = 5000;

/** A call about to be sent. */
export interface RpcCall {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly cred?: Auth | undefined;
  /** The next one of the connection unless given; a retry may use the old one again. */
  readonly xid?: number | undefined;
  /** The arguments, or what writes them. */
  readonly body: Uint8Array | ((sink: Sink) => void);
  /** Until then a reply has to be there; without it the wait is as long as the connection. */
  readonly timeoutMillis?: number | undefined;
}

/** A call on its way. */
export interface PendingCall {
  readonly xid: number;
  readonly outcome: Promise<RpcOutcome>;
  /** Stops waiting. */
  cancel(): void;
}

/** A call from the server. Offsets are into `record`. */
export interface IncomingCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  readonly record: Uint8Array;
  readonly header: RpcHeader;
  readonly bodyStart: number;
}

/** Told of calls from the server; whoever takes one answers with `RpcConnection.answer`, or never. */
export type CallHandler = (call: IncomingCall, connection: RpcConnection) => void;

/** What a connection needs besides its channel. */
export interface ConnectionOptions {
  readonly timers: Timers;
  /** Counts the connections of a requester. */
  readonly number?: number;
  readonly firstXid?: number;
  readonly recordBytesMax?: number;
  readonly tap?: WireTap | undefined;
  readonly handleCall?: CallHandler | undefined;
}

interface Waiting {
  readonly settle: (outcome: RpcOutcome) => void;
  /** Another call with the same xid, sent later. */
  next: Waiting | null;
  cancelTimer: Cancel | null;
}

/** RPC over one connection, in both directions. RFC 5531, RFC 8881 §2.10.3 */
export class RpcConnection implements TappedConnection {
  readonly number: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Resolves when the connection is over, with the reason if it did not end in good order. */
  readonly lost: Promise<string | null>;
  /** Replies that nobody waited for. */
  strayReplies = 0;
  readonly #channel: ByteChannel;
  readonly #timers: Timers;
  readonly #tap: WireTap | undefined;
  readonly #handleCall: CallHandler | undefined;
  readonly #assembler: RecordAssembler;
  readonly #header = new RpcHeader();
  readonly #sink = new Sink();
  readonly #waiting = new Map<number, Waiting>();
  /** Written inside `together`. */
  #held: Uint8Array[] | null = null;
  #nextXid: number;
  #isOpen = true;
  #isReset = false;
  #failure: string | null = null;
  #tellLost!: (why: string | null) => void;

  constructor(channel: ByteChannel, options: ConnectionOptions) {
    this.#channel = channel;
    this.#timers = options.timers;
    this.#tap = options.tap;
    this.#handleCall = options.handleCall;
    this.number = options.number ?? 0;
    this.#nextXid = options.firstXid ?? 1;
    this.localAddress = channel.localAddress;
    this.remoteAddress = channel.remoteAddress;
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve;
    });
    this.#assembler = new RecordAssembler(options.recordBytesMax ?? RECORD_BYTES_MAX, (record) => this.#take(record));
    this.#tap?.opened(this, this.#timers.wallNanos());
    channel.open({ received: (bytes) => this.#received(bytes), closed: (why) => this.#closed(why) });
  }

  /** False once the connection is over, or ending. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Calls that wait for a reply. */
  get pendingCalls(): number {
    return this.#waiting.size;
  }

  /** Bytes that have not left yet. */
  get queuedBytes(): number {
    return this.#channel.queuedBytes;
  }

  /** The xid for the next call that brings none. */
  takeXid(): number {
    const xid = this.#nextXid;
    this.#nextXid = (xid + 1) >>> 0;
    return xid;
  }

  /** Sends a call. Whatever becomes of it is a value: nothing is thrown. */
  call(call: RpcCall): PendingCall {
    const xid = call.xid ?? this.takeXid();
    if (!this.#isOpen) return settled(xid, { kind: "lost", why: this.#failure ?? "the connection is closed" });
    if (this.#waiting.size >= PENDING_CALLS_MAX) return settled(xid, { kind: "lost", why: "too many pending calls" });
    let waiting!: Waiting;
    const outcome = new Promise<RpcOutcome>((settle) => {
      waiting = { settle, next: null, cancelTimer: null };
    });
    this.#wait(xid, waiting);
    if (call.timeoutMillis !== undefined) {
      waiting.cancelTimer = this.#timers.after(call.timeoutMillis, () => this.#giveUp(xid, waiting, "timeout"));
    }
    this.#write(callRecord(this.#sink, xid, call));
    return { xid, outcome, cancel: () => this.#giveUp(xid, waiting, "cancelled") };
  }

  /** Answers a call from the server. */
  answer(header: ReplyHeader, results: Uint8Array | null = null): void {
    const sink = this.#sink.clear();
    sink.u32(0);
    writeReply(sink, header);
    if (results !== null) sink.raw(results);
    this.#write(finishRecord(sink));
  }

  /** Sends bytes as they are: half a record, or none. */
  sendBytes(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  /** Sends all that `send` writes in one go: one segment, as far as it fits. */
  together<T>(send: () => T): T {
    if (this.#held !== null) return send();
    const held: Uint8Array[] = [];
    this.#held = held;
    try {
      return send();
    } finally {
      this.#held = null;
      this.#write(Buffer.concat(held));
    }
  }

  /** Takes nothing from the server until `resumeReading`. */
  pauseReading(): void {
    this.#channel.pause();
  }

  resumeReading(): void {
    this.#channel.resume();
  }

  /** Ends the connection in good order: replies that are on their way still come. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#channel.end();
    const cancel = this.#timers.after(LINGER_MILLIS_MAX, () => this.#channel.reset());
    void this.lost.then(cancel);
  }

  /** Breaks the connection off. `why` is for those who wait for a reply. */
  reset(why = "reset by us"): void {
    this.#isOpen = false;
    this.#isReset = true;
    this.#failure ??= why;
    this.#channel.reset();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#held !== null) {
      this.#held.push(bytes);
      return;
    }
    this.#tap?.sent(this, bytes, this.#timers.wallNanos());
    this.#channel.write(bytes);
  }

  #received(bytes: Uint8Array): void {
    this.#tap?.received(this, bytes, this.#timers.wallNanos());
    // After a bad record what follows means nothing.
    if (this.#isReset) return;
    try {
      this.#assembler.push(bytes);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.reset(`what the server sent is no RPC record: ${error.message}`);
    }
  }

  #closed(why: string | null): void {
    this.#isOpen = false;
    this.#failure ??= why;
    const how = this.#isReset ? "reset" : why === null ? "end" : "lost";
    this.#tap?.closed(this, how, this.#timers.wallNanos());
    const outcome: RpcOutcome = { kind: "lost", why: this.#failure ?? "closed by the server" };
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const first of all)
      for (let each: Waiting | null = first; each !== null; each = each.next) settle(each, outcome);
    this.#tellLost(this.#failure);
  }

  #take(record: Uint8Array): void {
    const header = this.#header;
    if (!parseHeader(record, 0, record.length, header)) {
      this.reset(`what the server sent is no RPC message: ${header.problem} at byte ${header.problemOffset}`);
    } else if (header.type === CALL) {
      this.#takeCall(record);
    } else {
      this.#takeReply(record);
    }
  }

  #takeCall(record: Uint8Array): void {
    const header = new RpcHeader();
    parseHeader(record, 0, record.length, header);
    const { program, version, procedure, bodyStart } = header;
    const xid = header.xid >>> 0;
    if (this.#handleCall === undefined) this.answer({ xid, acceptStat: PROG_UNAVAIL });
    else this.#handleCall({ xid, program, version, procedure, record, header, bodyStart }, this);
  }

  #takeReply(record: Uint8Array): void {
    const header = this.#header;
    const xid = header.xid >>> 0;
    const waiting = this.#waiting.get(xid);
    if (waiting === undefined) {
      this.strayReplies++;
      return;
    }
    this.#forget(xid, waiting);
    const isReply = header.acceptStat === SUCCESS;
    settle(waiting, isReply ? { kind: "reply", record, bodyStart: header.bodyStart } : refusalOf(header));
  }

  #giveUp(xid: number, waiting: Waiting, kind: "timeout" | "cancelled"): void {
    if (this.#forget(xid, waiting)) settle(waiting, { kind });
  }

  /** Calls with one xid are answered in the order in which they were sent. */
  #wait(xid: number, waiting: Waiting): void {
    let last = this.#waiting.get(xid);
    if (last === undefined) {
      this.#waiting.set(xid, waiting);
      return;
    }
    while (last.next !== null) last = last.next;
    last.next = waiting;
  }

  #forget(xid: number, waiting: Waiting): boolean {
    const first = this.#waiting.get(xid);
    if (first === undefined) return false;
    if (first === waiting) {
      if (first.next === null) this.#waiting.delete(xid);
      else this.#waiting.set(xid, first.next);
      return true;
    }
    let before = first;
    while (before.next !== null && before.next !== waiting) before = before.next;
    if (before.next === null) return false;
    before.next = waiting.next;
    return true;
  }
}

/** A whole record: mark, header and arguments of a call. */
export function callRecord(sink: Sink, xid: number, call: RpcCall): Uint8Array {
  sink.clear().u32(0);
  const { program, version, procedure, cred = NO_AUTH } = call;
  writeCall(sink, { xid, program, version, procedure, cred });
  if (typeof call.body === "function") call.body(sink);
  else sink.raw(call.body);
  return finishRecord(sink);
}

/** Fills in the mark, for which a word was left. RFC 5531 §11 */
function finishRecord(sink: Sink): Uint8Array {
  sink.patch(0, (LAST_FRAGMENT | (sink.length - RECORD_MARK_BYTES)) >>> 0);
  return sink.length < HANDED_OVER_BYTES_MIN ? sink.finish() : sink.handOver();
}

function settle(waiting: Waiting, outcome: RpcOutcome): void {
  waiting.cancelTimer?.();
  waiting.settle(outcome);
}

function settled(xid: number, outcome: RpcOutcome): PendingCall {
  return { xid, outcome: Promise.resolve(outcome), cancel: () => {} };
}
