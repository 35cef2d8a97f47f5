import type { Handlers } from "../rules/rule.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { isListed } from "./listed-sessions.ts";

/** An ended session is told so much later: replies may still be under way, or be recorded in the wrong order. */
const ENDED_NANOS = 10e9;
/** Beyond it the one that ended first is told at once. */
const ENDED_MAX = 4096;

/** Tells of each session once: when it has ended, when nobody remembers it any more, or when all is over. */
export class StreamedSessions {
  readonly handlers: Handlers = {
    "session-ended": (session) => this.#end(session),
    "session-forgotten": (session) => this.#tellOnce(session),
    tick: (at) => this.#release(at),
  };
  readonly #tell: (session: ObservedSession) => void;
  readonly #told = new WeakSet<ObservedSession>();
  readonly #ended = new Map<ObservedSession, number>();
  /** The capture's time at the last tick. */
  #now = Number.NEGATIVE_INFINITY;

  constructor(tell: (session: ObservedSession) => void) {
    this.#tell = tell;
  }

  /** Those of a finished analysis that were not told yet. */
  untold(sessions: readonly ObservedSession[]): readonly ObservedSession[] {
    return sessions.filter((session) => !this.#told.has(session));
  }

  #end(session: ObservedSession): void {
    this.#ended.set(session, this.#now);
    if (this.#ended.size <= ENDED_MAX) return;
    for (const first of this.#ended.keys()) {
      this.#tellOnce(first);
      return;
    }
  }

  #release(at: number): void {
    this.#now = at;
    for (const [session, endedAt] of this.#ended) {
      if (at - endedAt < ENDED_NANOS) return;
      this.#tellOnce(session);
    }
  }

  #tellOnce(session: ObservedSession): void {
    this.#ended.delete(session);
    if (this.#told.has(session) || !isListed(session)) return;
    this.#told.add(session);
    this.#tell(session);
  }
}
