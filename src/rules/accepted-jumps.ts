import { NFS4_OK } from "../nfs4/constants.ts";
import { hadTimeForMissing, lastSeenOnSlot } from "../session/accepted-jumps.ts";
import type { Call, Reply } from "../session/call.ts";
import type { GapLog } from "../session/gap-log.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import { Refusals } from "./refusals.ts";
import type { Handlers } from "./rule.ts";

/** Jumps that wait for more of their kind; two for each session. */
const PENDING_MAX = 1024;
/** When no more of them came for so long, they were no sign of hidden paths. */
const DECISION_NANOS = 60e9;
/** Connections of a client that may have carried what is missing. */
const NEIGHBOURS_MAX = 64;
/** Client and server pairs of which the connections are remembered. */
const PAIRS_MAX = 4096;

/** Why a replier may accept a sequence id that jumped ahead. */
export type JumpCause =
  /** Bytes are missing from the capture: the requests in between were in them. */
  | "gap"
  /** Messages that the snap length cut too short to be read. */
  | "cut"
  /** A connection of the client is encrypted. */
  | "encrypted"
  /** The session or what the slot stood at was not seen from its beginning. */
  | "half-known"
  /** So many jumps prove connections outside of the capture. */
  | "other-paths"
  /** The sequence id before had been refused: the replier counted it all the same. */
  | "refused-before"
  /** Nothing else explains it. */
  | "accepted";

export interface Jump {
  readonly call: Call;
  readonly reply: Reply;
  /** The request before it on its slot. */
  readonly previous: Call | null;
  /** From here on something may have been missed. */
  readonly since: number;
  /** The request with the sequence id before, which SEQUENCE had refused. */
  readonly refused: Call | null;
  /** The missing requests may have run since then. */
  readonly hadTime: boolean;
  /** Where the slot stood before was beyond doubt: once accepted, it is taken to stand here. */
  readonly wasTrusted: boolean;
}

/** Tells of each request that was accepted two or more ahead of its slot, and why: for one cause only. */
export function watchAcceptedJumps(settled: (jump: Jump, cause: JumpCause) => void): Handlers {
  const refusals = new Refusals();
  const neighbours = new Neighbours();
  let pending: Jump[] = [];

  const review = (isDue: (jump: Jump) => boolean) => {
    if (pending.length === 0) return;
    pending = pending.filter((jump) => {
      const cause = innocentCause(jump, neighbours);
      if (cause === null && !isDue(jump)) return true;
      settled(jump, cause ?? (hasUnseenEnd(jump, neighbours) ? "gap" : "accepted"));
      return false;
    });
  };
  const judge = (jump: Jump) => {
    const cause = innocentCause(jump, neighbours) ?? guiltyCause(jump);
    if (cause !== null) settled(jump, cause);
    else if (pending.length < PENDING_MAX) pending.push(jump);
    else settled(jump, "half-known");
  };
  return {
    "connection-opened": (connection) => neighbours.add(connection),
    "capture-gap": ({ connection }) => neighbours.noteHole(connection),
    answer(call) {
      const { reply } = call;
      if (call.verdict === "ahead" && reply?.sequenceStatus === NFS4_OK) {
        judge({
          call,
          reply,
          previous: call.previous,
          since: lastSeenOnSlot(call),
          refused: refusals.skippedBy(call),
          hadTime: hadTimeForMissing(call),
          wasTrusted: call.slot?.isTrusted ?? false,
        });
        review(() => false);
      }
      refusals.note(call);
    },
    // Callbacks are too rare for three of them to be awaited within a minute.
    tick: (at) => review(({ call, reply }) => call.channel === "fore" && at - reply.at > DECISION_NANOS),
    end: () => review(() => true),
  };
}

/** What explains it without anybody's fault; null if nothing does. */
function innocentCause({ call, since, hadTime, wasTrusted }: Jump, neighbours: Neighbours): JumpCause | null {
  const { session, slot, connection } = call;
  if (session === null || slot === null) return "half-known";
  const others = neighbours.of(connection);
  const hasGap = (candidate: ObservedConnection) => candidate.hasGapBetween(since, call.at);
  if (session.hasGapBetween(since, call.at) || hasGap(connection) || others.some(hasGap))
    return neighbours.hasHole(connection) ? "gap" : "cut";
  if ([connection, ...others].some((candidate) => isOnlyKnownSince(candidate, since))) return "half-known";
  if (others.some(({ encrypted }) => encrypted !== null)) return "encrypted";
  if (session.otherPaths !== null && hadTime) return "other-paths";
  if (session.created === null || !wasTrusted) return "half-known";
  return null;
}

/** A connection's last bytes were acknowledged but not captured, nor anything behind them. */
function hasUnseenEnd({ call: { connection } }: Jump, neighbours: Neighbours): boolean {
  return [connection, ...neighbours.of(connection)].some(({ stream }) => stream?.hasUnseenBytes);
}

/** Its first captured frame came later, and others before it may be missing without a trace. */
function isOnlyKnownSince({ handshakeSeen, opened }: ObservedConnection, since: number): boolean {
  return !handshakeSeen && opened.at >= since;
}

/** What needs no more evidence. */
function guiltyCause({ refused, hadTime }: Jump): JumpCause | null {
  if (refused !== null) return "refused-before";
  return hadTime ? null : "accepted";
}

/** The connections between the same two hosts: requests that are missing may have gone over any of them. */
class Neighbours {
  /** By what they share: the log of their holes. */
  readonly #byPair = new Map<GapLog, ObservedConnection[]>();
  /** Those with a hole that was not cut by the snap length. */
  readonly #holed = new WeakSet<ObservedConnection>();

  add(connection: ObservedConnection): void {
    const { gapsAround } = connection;
    const known = this.#byPair.get(gapsAround);
    if (known === undefined) {
      if (this.#byPair.size < PAIRS_MAX) this.#byPair.set(gapsAround, [connection]);
      return;
    }
    if (known.length >= NEIGHBOURS_MAX) known.shift();
    known.push(connection);
  }

  noteHole(connection: ObservedConnection): void {
    this.#holed.add(connection);
  }

  hasHole(connection: ObservedConnection): boolean {
    return this.#holed.has(connection) || this.of(connection).some((other) => this.#holed.has(other));
  }

  of({ gapsAround }: ObservedConnection): readonly ObservedConnection[] {
    return this.#byPair.get(gapsAround) ?? [];
  }
}
