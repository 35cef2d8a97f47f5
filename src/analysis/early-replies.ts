import type { Call } from "../session/call.ts";
import type { OrphanReply } from "../session/observation.ts";
import type { Sighting } from "../session/sighting.ts";
import { type Body, blankBody } from "./body.ts";
import type { CurrentFrame } from "./current-frame.ts";

/** Replies held for each connection until their call turns up. */
export const EARLY_REPLIES_MAX = 64;
/** Larger ones keep their first bytes, and count as cut. */
const KEPT_BYTES_MAX = 4096;
/** A call that comes later than this does not belong to it. */
const HELD_NANOS = 2e9;
/** One interface may record packets of the two directions in the wrong order so close together. */
const DISORDER_NANOS = 2e6;
/** Clocks of two interfaces of one host differ by no more than this. */
const SKEW_NANOS = 10e6;
/** The smallest buffer: most replies fit. */
const BUFFER_BYTES_MIN = 512;
/** Used-up replies kept to be filled again. */
const SPARE_MAX = 1024;

/** What is known of a reply that was seen before its call. */
export interface EarlySighting {
  readonly xid: number;
  readonly rpcError: string | null;
  readonly seen: Sighting;
  readonly interfaceId: number;
  /** The call on another connection that it seems to answer. */
  readonly owner: Call | null;
  /** What it says of a slot, null if nothing; undefined when nobody looked yet. */
  readonly orphan: OrphanReply | null | undefined;
}

/** A reply that was seen before its call. */
export class EarlyReply {
  sighting: EarlySighting;
  /** A copy, in memory that is used again and again. */
  readonly body = blankBody(new Uint8Array(BUFFER_BYTES_MIN));

  constructor(sighting: EarlySighting) {
    this.sighting = sighting;
  }
}

/**
 * A reply before its call, which is here now: calls held back behind a hole, or another clock. Else it answered a call
 * from before the capture, and its xid is in use again. `lossAt`: when bytes of the calls were last found to be missing.
 */
export function mayBeEarly({ seen, interfaceId }: EarlySighting, now: CurrentFrame, lossAt: number): boolean {
  if (seen.capture !== now.capture) return true;
  if (interfaceId !== now.interfaceId) return now.at - seen.at <= SKEW_NANOS;
  // What a hole held back is let go at the moment when it is given up.
  return now.at - Math.max(seen.at, lossAt) <= DISORDER_NANOS;
}

/**
 * Replies whose call was not seen yet: it may be held back behind a hole in its own direction, or come later
 * because another interface's clock is behind. Where traffic is missing nearly every reply passes through here.
 */
export class EarlyReplies {
  /** Oldest first. */
  readonly #held: EarlyReply[] = [];
  /** Their xids: to be searched for each call. */
  readonly #xids = new Int32Array(EARLY_REPLIES_MAX);
  readonly #letGo: (reply: EarlyReply) => void;
  readonly #spare: EarlyReply[];

  /**
   * `letGo` gets those that waited in vain, valid until the next one is held. `spare`: used-up ones of all connections.
   */
  constructor(letGo: (reply: EarlyReply) => void, spare: EarlyReply[] = []) {
    this.#letGo = letGo;
    this.#spare = spare;
  }

  /** Copies what it keeps of `body`. An older one with the same xid is forgotten. */
  hold(sighting: EarlySighting, body: Body): void {
    this.expire(sighting.seen.at - HELD_NANOS);
    this.take(sighting.xid);
    if (this.#held.length >= EARLY_REPLIES_MAX) this.#letGoFirst();
    const reply = this.#spare.pop() ?? new EarlyReply(sighting);
    reply.sighting = sighting;
    copy(body, reply.body);
    this.#xids[this.#held.length] = sighting.xid;
    this.#held.push(reply);
  }

  /** What it gives is valid until the next one is held. */
  take(xid: number): EarlyReply | undefined {
    // The latest first: a call is not far behind.
    for (let at = this.#held.length - 1; at >= 0; at--) if (this.#xids[at] === (xid | 0)) return this.#remove(at);
    return undefined;
  }

  /** Lets go what was seen before `before`, oldest first. */
  expire(before: number): void {
    while (this.#held.length > 0 && this.#held[0]!.sighting.seen.at < before) this.#letGoFirst();
  }

  #letGoFirst(): void {
    this.#letGo(this.#remove(0));
  }

  #remove(at: number): EarlyReply {
    this.#xids.copyWithin(at, at + 1, this.#held.length);
    const reply = (at === 0 ? this.#held.shift() : this.#held.splice(at, 1)[0]) as EarlyReply;
    if (this.#spare.length < SPARE_MAX) this.#spare.push(reply);
    return reply;
  }
}

function copy(from: Body, to: Body): void {
  const end = Math.min(from.end, from.start + KEPT_BYTES_MAX);
  const isCut = end < from.end || from.elidedLength > 0;
  const hasHole = from.elidedAt >= 0 && from.elidedAt < end;
  const length = (hasHole ? from.elidedAt : end) - from.start;
  if (to.bytes.length < length) to.bytes = new Uint8Array(KEPT_BYTES_MAX);
  to.bytes.set(from.bytes.subarray(from.start, from.start + length));
  to.end = length;
  to.truncated = from.truncated || isCut;
  to.length = from.length;
}
