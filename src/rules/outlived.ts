import type { ObservedServer } from "../session/observed-server.ts";
import { hasLivedThrough } from "./lease-state.ts";
import type { Handlers, RuleContext } from "./rule.ts";

/** What waits at the same time; more is forgotten. */
const WAITING_MAX = 64;

interface Waiting<T> {
  readonly server: ObservedServer;
  readonly from: number;
  readonly to: number;
  readonly what: T;
}

/**
 * What may only be told if the server did not restart meanwhile: kept until a connection shows that it lived through
 * the whole time, for a lease at most.
 */
export class Outlived<T> {
  readonly #context: RuleContext;
  readonly #tell: (what: T) => void;
  #waiting: Waiting<T>[] = [];

  constructor(context: RuleContext, tell: (what: T) => void) {
    this.#context = context;
    this.#tell = tell;
  }

  add(server: ObservedServer, from: number, to: number, what: T): void {
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push({ server, from, to, what });
  }

  /** For a rule to watch with. */
  get handlers(): Handlers {
    const settle = (at: number) => this.#settle(at);
    return { tick: settle, end: settle };
  }

  #settle(at: number): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter(({ server, from, to, what }) => {
      if (!hasLivedThrough(server, this.#context.connections, from, to)) return at - to < server.leaseNanos;
      this.#tell(what);
      return false;
    });
  }
}
