import type { Handlers, Rule } from "../rules/rule.ts";
import type { FactKind, Facts, OperationSeen } from "../session/facts.ts";

type Handler = (fact: never) => void;

/** Who wants to hear of which facts; of single operations only those who asked for their number. */
export class Listeners {
  readonly #byKind = new Map<string, Handler[]>();

  add({ operations = [] }: Rule, handlers: Handlers): void {
    for (const kind of Object.keys(handlers) as FactKind[]) {
      const handler = handlers[kind] as Handler;
      if (kind !== "operation-call" && kind !== "operation-result") this.of(kind).push(handler);
      else for (const operation of operations) this.of(kind, operation).push(handler);
    }
  }

  tell<K extends FactKind>(kind: K, fact: Facts[K]): void {
    const isOperation = kind === "operation-call" || kind === "operation-result";
    tellAll(isOperation ? this.of(kind, (fact as OperationSeen).operation) : this.of(kind), fact);
  }

  /** The list for one kind of fact: stays the same list. */
  of(kind: FactKind, operation?: number): Handler[] {
    const key = operation === undefined ? kind : `${kind} ${operation}`;
    let handlers = this.#byKind.get(key);
    if (handlers === undefined) {
      handlers = [];
      this.#byKind.set(key, handlers);
    }
    return handlers;
  }
}

export function tellAll(handlers: readonly Handler[], fact: unknown): void {
  for (let i = 0; i < handlers.length; i++) handlers[i]!(fact as never);
}
