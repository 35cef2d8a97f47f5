import type { Call } from "../session/call.ts";
import type { Handlers } from "./rule.ts";

/** Calls about which there is something to tell, once their answer is known or known to be missing. */
export class AwaitedCalls<T> {
  readonly #notes = new WeakMap<Call, { what: T }>();
  readonly #tell: (call: Call, what: T) => void;

  constructor(tell: (call: Call, what: T) => void) {
    this.#tell = tell;
  }

  add(call: Call, what: T): void {
    this.#notes.set(call, { what });
    call.isAwaited = true;
  }

  /** For a rule to watch with. */
  get handlers(): Handlers {
    const settle = (call: Call) => this.#settle(call);
    return { answer: settle, "answer-awaited": settle, unanswered: settle };
  }

  #settle(call: Call): void {
    if (!call.isAwaited) return;
    const note = this.#notes.get(call);
    if (note === undefined) return;
    this.#notes.delete(call);
    this.#tell(call, note.what);
  }
}
