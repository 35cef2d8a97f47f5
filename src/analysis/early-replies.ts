import type { Call } from "../session/call.ts";
import type { Sighting } from "../session/sighting.ts";
import type { Body } from "./compound-observer.ts";

/** Replies held for each connection until their call turns up. */
export const EARLY_REPLIES_MAX = 64;
/** Larger ones keep their first bytes, and count as cut. */
const KEPT_BYTES_MAX = 4096;
/** A call that comes later than this does not belong to it. */
const HELD_NANOS = 2e9;

/** A reply that was seen before its call. */
export interface EarlyReply {
  readonly xid: number;
  readonly body: Body;
  readonly rpcError: string | null;
  readonly seen: Sighting;
  readonly interfaceId: number;
  /** The call on another connection that it seems to answer. */
  readonly owner: Call | null;
}

/**
 * Replies whose call was not seen yet: it may be held back behind a hole in its own direction, or come later
 * because another interface's clock is behind.
 */
export class EarlyReplies {
  readonly #byXid = new Map<number, EarlyReply>();
  readonly #letGo: (reply: EarlyReply) => void;

  /** `letGo` gets those that waited in vain. */
  constructor(letGo: (reply: EarlyReply) => void) {
    this.#letGo = letGo;
  }

  hold({ body, ...reply }: EarlyReply): void {
    this.expire(reply.seen.at - HELD_NANOS);
    if (this.#byXid.size >= EARLY_REPLIES_MAX) this.#dropOldest();
    this.#byXid.set(reply.xid, { ...reply, body: copyOf(body) });
  }

  take(xid: number): EarlyReply | undefined {
    if (this.#byXid.size === 0) return undefined;
    const reply = this.#byXid.get(xid);
    if (reply !== undefined) this.#byXid.delete(xid);
    return reply;
  }

  /** Lets go what was seen before `before`, oldest first. */
  expire(before: number): void {
    for (const [xid, reply] of this.#byXid) {
      if (reply.seen.at >= before) return;
      this.#byXid.delete(xid);
      this.#letGo(reply);
    }
  }

  #dropOldest(): void {
    for (const [xid, reply] of this.#byXid) {
      this.#byXid.delete(xid);
      this.#letGo(reply);
      return;
    }
  }
}

function copyOf(body: Body): Body {
  const end = Math.min(body.end, body.start + KEPT_BYTES_MAX);
  const isCut = end < body.end || body.elidedLength > 0;
  const hasHole = body.elidedAt >= 0 && body.elidedAt < end;
  const length = (hasHole ? body.elidedAt : end) - body.start;
  return {
    bytes: body.bytes.slice(body.start, body.start + length),
    start: 0,
    end: length,
    elidedAt: -1,
    elidedLength: 0,
    truncated: body.truncated || isCut,
    length: body.length,
  };
}
