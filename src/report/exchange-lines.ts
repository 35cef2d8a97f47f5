import type { TimeBase } from "../analysis/time-base.ts";
import type { Call, Reply } from "../session/call.ts";
import type { ExchangeSink } from "../session/exchange-sink.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { OperationList } from "../session/operation-list.ts";
import { safeJson } from "../text/safe-json.ts";
import { NUMBER_BYTES_MAX, putAscii, putNanos, putNumber } from "./ascii-digits.ts";
import { isPlain, jsonExchangePlace, jsonExchangeWork, latencyMicros } from "./json-exchange.ts";
import { jsonTime } from "./json-place.ts";
import type { LineChunks } from "./line-chunks.ts";

/** Places remembered, one for each connection and channel; a power of two. */
const PLACES_KEPT = 1024;
const NANOS_DIGITS = 9;
/** Outcomes remembered of each list of operations. */
const OUTCOMES_KEPT = 8;

const encoder = new TextEncoder();
const [COMMA, QUOTE] = [44, 34];
const HEAD = '{"type":"exchange","time":';
const FRAMES = encoder.encode(',"frames":[');
const XID = encoder.encode(',"xid":');
const SEQ = encoder.encode(',"seq":');
const NULL = encoder.encode("null");
const NO_STATUSES: readonly number[] = [];

/** More than all of a line that is not remembered. */
const NUMBERS_BYTES_MAX = 256 + 8 * NUMBER_BYTES_MAX;

interface KnownPlace {
  readonly connection: ObservedConnection;
  readonly session: ObservedSession | null;
  readonly channel: Call["channel"];
  readonly bytes: Uint8Array;
}

interface KnownOutcome {
  readonly results: OperationList;
  readonly lastStatus: number;
  readonly status: number;
  readonly minorVersion: number;
  /** Null without a SEQUENCE that could say it. */
  readonly cachethis: boolean | null;
  readonly verdict: Call["verdict"];
  readonly bytes: Uint8Array;
}

/**
 * Writes a line for each exchange. A million of them may not cost a million objects: what repeats is made from objects
 * as any other line is, and remembered as bytes; only the numbers in between are written each time.
 */
export class ExchangeLines implements ExchangeSink {
  readonly #chunks: LineChunks;
  readonly #base: TimeBase;
  readonly #places: (KnownPlace | undefined)[] = new Array(PLACES_KEPT).fill(undefined);
  readonly #outcomes = new WeakMap<OperationList, KnownOutcome[]>();
  /** How a line of the last exchange's second begins. */
  #second = Number.NaN;
  #secondBytes = NULL;
  /** What stands behind frames of the captures that the last exchange was in; -1 without a reply. */
  #capture = -1;
  #replyCapture = -1;
  #capturesBytes = NULL;

  constructor(chunks: LineChunks, base: TimeBase) {
    this.#chunks = chunks;
    this.#base = base;
  }

  answered(call: Call, statuses: ArrayLike<number>): void {
    const work = isPlain(call, statuses) ? this.#outcomeOf(call, call.reply!, statuses) : this.#workOf(call, statuses);
    this.#write(call, work);
  }

  abandoned(call: Call): void {
    this.#write(call, this.#workOf(call, NO_STATUSES));
  }

  #write(call: Call, work: Uint8Array): void {
    const { reply } = call;
    const place = this.#placeOf(call);
    const chunks = this.#chunks;
    chunks.reserve(NUMBERS_BYTES_MAX + place.length + work.length);
    const { bytes } = chunks;
    let at = this.#putTime(bytes, chunks.length, call.at);
    at = putNumber(bytes, put(bytes, at, FRAMES), call.frame);
    if (reply !== null) {
      bytes[at] = COMMA;
      at = putNumber(bytes, at + 1, reply.frame);
    }
    at = put(bytes, at, this.#captures(call.capture, reply === null ? -1 : reply.capture));
    at = putKnown(bytes, at, latencyMicros(call) ?? -1);
    at = putNumber(bytes, put(bytes, at, XID), call.xid >>> 0);
    at = putKnown(bytes, put(bytes, at, place), call.slotId);
    at = putKnown(bytes, put(bytes, at, SEQ), call.seq);
    chunks.length = put(bytes, at, work);
  }

  #putTime(bytes: Uint8Array, start: number, time: number): number {
    const second = Math.floor(time / 1e9);
    const nanos = time - second * 1e9;
    // Not for times that are none, or so far off that they have lost digits.
    if (nanos !== (nanos | 0) || nanos < 0 || nanos >= 1e9)
      return putAscii(bytes, start, HEAD + safeJson(jsonTime(this.#base, time)));
    if (second !== this.#second) {
      this.#second = second;
      this.#secondBytes = encoder.encode(`${HEAD}"${this.#base.format(time).slice(0, -NANOS_DIGITS)}`);
    }
    const at = putNanos(bytes, put(bytes, start, this.#secondBytes), nanos);
    bytes[at] = QUOTE;
    return at + 1;
  }

  #captures(capture: number, replyCapture: number): Uint8Array {
    if (capture !== this.#capture || replyCapture !== this.#replyCapture || this.#capturesBytes === NULL) {
      this.#capture = capture;
      this.#replyCapture = replyCapture;
      const captures = replyCapture < 0 ? [capture] : [capture, replyCapture];
      this.#capturesBytes = encoder.encode(`],"frameCaptures":${safeJson(captures)},"latencyMicros":`);
    }
    return this.#capturesBytes;
  }

  #placeOf(call: Call): Uint8Array {
    const { connection, session, channel } = call;
    const index = (2 * connection.id + (channel === "fore" ? 0 : 1)) & (PLACES_KEPT - 1);
    const known = this.#places[index];
    if (known?.connection === connection && known.session === session && known.channel === channel) return known.bytes;
    const bytes = encoder.encode(`${membersOf(jsonExchangePlace(call))},"slot":`);
    this.#places[index] = { connection, session, channel, bytes };
    return bytes;
  }

  #outcomeOf(call: Call, reply: Reply, statuses: ArrayLike<number>): Uint8Array {
    const { operations, minorVersion, verdict } = call;
    const cachethis = call.seq < 0 ? null : call.cachethis;
    const { results, lastStatus, status } = reply;
    let outcomes = this.#outcomes.get(operations);
    if (outcomes === undefined) {
      outcomes = [];
      this.#outcomes.set(operations, outcomes);
    }
    for (let i = 0; i < outcomes.length; i++) {
      const known = outcomes[i]!;
      const isSameReply = known.results === results && known.lastStatus === lastStatus && known.status === status;
      const isSameCall =
        known.minorVersion === minorVersion && known.cachethis === cachethis && known.verdict === verdict;
      if (isSameReply && isSameCall) return known.bytes;
    }
    const bytes = this.#workOf(call, statuses);
    if (outcomes.length === OUTCOMES_KEPT) outcomes.shift();
    outcomes.push({ results, lastStatus, status, minorVersion, cachethis, verdict, bytes });
    return bytes;
  }

  /** The end of the line. */
  #workOf(call: Call, statuses: ArrayLike<number>): Uint8Array {
    return encoder.encode(`${membersOf(jsonExchangeWork(call, statuses, this.#base))}}\n`);
  }
}

/** An object's members as they follow others. */
function membersOf(object: object): string {
  return `,${safeJson(object).slice(1, -1)}`;
}

function put(bytes: Uint8Array, at: number, piece: Uint8Array): number {
  bytes.set(piece, at);
  return at + piece.length;
}

/** A number of the model, which counts from -1 where nothing is known. */
function putKnown(bytes: Uint8Array, at: number, value: number): number {
  return value < 0 ? put(bytes, at, NULL) : putNumber(bytes, at, value);
}
