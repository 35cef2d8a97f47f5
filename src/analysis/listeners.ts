import type { Handlers, Rule } from "../rules/rule.ts";
import type { FactKind, Facts, OperationSeen } from "../session/facts.ts";

type Handler = (fact: never) => void;

/** Who wants to hear of which facts; of single operations only those who asked for their number. */
export class Listeners {
  readonly #byKind = new Map<FactKind, Handler[]>();
  readonly #byOperation = new Map<FactKind, Map<number, Handler[]>>([
    ["operation-call", new Map()],
    ["operation-result", new Map()],
  ]);

  /** `operations`: numbers of those that the handlers want to hear of. */
  add(operations: readonly number[], handlers: Handlers): void {
    for (const kind of Object.keys(handlers) as FactKind[]) {
      const handler = handlers[kind] as Handler;
      const byOperation = this.#byOperation.get(kind);
      if (byOperation === undefined) this.of(kind).push(handler);
      else for (const operation of operations) listIn(byOperation, operation).push(handler);
    }
  }

  tell<K extends FactKind>(kind: K, fact: Facts[K]): void {
    const byOperation = this.#byOperation.get(kind);
    tellAll(byOperation === undefined ? this.of(kind) : listIn(byOperation, (fact as OperationSeen).operation), fact);
  }

  /** The list for one kind of fact: stays the same list. */
  of(kind: FactKind): Handler[] {
    return listIn(this.#byKind, kind);
  }
}

function listIn<K>(lists: Map<K, Handler[]>, key: K): Handler[] {
  let handlers = lists.get(key);
  if (handlers === undefined) {
    handlers = [];
    lists.set(key, handlers);
  }
  return handlers;
}

/** Operations of a channel that the rule wants to hear of one by one. */
export function operationsOn(
  channel: "fore" | "back",
  { operations = [], callbackOperations }: Pick<Rule, "operations" | "callbackOperations">,
): readonly number[] {
  return channel === "fore" ? operations : (callbackOperations ?? operations);
}

export function tellAll(handlers: readonly Handler[], fact: unknown): void {
  for (let i = 0; i < handlers.length; i++) handlers[i]!(fact as never);
}
