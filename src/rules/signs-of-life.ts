import type { ObservedConnection } from "../session/observed-connection.ts";
import type { Handlers } from "./rule.ts";

/** Questions that wait for their answer. */
const QUESTIONS_MAX = 1024;

interface Question {
  readonly connection: ObservedConnection;
  readonly at: number;
  readonly lived: () => void;
}

/**
 * Whether a connection lived at some time. That nothing ended it proves nothing: its end is one packet, which nobody
 * acknowledges and a capture may lack. A later reply does.
 */
export class SignsOfLife {
  #questions: Question[] = [];

  /** Calls `lived` as soon as it is proven that the connection lived at that time; maybe never. */
  ask(question: Question): void {
    if (hasLived(question)) question.lived();
    else if (this.#questions.length < QUESTIONS_MAX) this.#questions.push(question);
  }

  readonly handlers: Handlers = {
    "connection-closed": (connection) => this.#review((question) => question.connection === connection),
    end: () => this.#review(() => true),
  };

  #review(isDue: (question: Question) => boolean): void {
    if (this.#questions.length === 0) return;
    const due = this.#questions.filter(isDue);
    this.#questions = this.#questions.filter((question) => !isDue(question));
    for (const question of due) if (hasLived(question)) question.lived();
  }
}

function hasLived({ connection, at }: Question): boolean {
  return Math.max(connection.lastReplyAt, connection.lastCallbackReplyAt) > at;
}
