import type { ObservedServer } from "../session/observed-server.ts";

/** What a rule remembers of each server under some key, so many keys at most. */
export class ServerMemory<Value> {
  readonly #max: number;
  readonly #servers = new WeakMap<ObservedServer, Map<string, Value>>();

  constructor(max: number) {
    this.#max = max;
  }

  get(server: ObservedServer, key: string): Value | undefined {
    return this.#servers.get(server)?.get(key);
  }

  /** Forgotten at once when the memory is full. */
  set(server: ObservedServer, key: string, value: Value): void {
    let values = this.#servers.get(server);
    if (values === undefined) {
      values = new Map();
      this.#servers.set(server, values);
    }
    if (values.size < this.#max || values.has(key)) values.set(key, value);
  }

  /** What is remembered, made when it is asked for first. */
  obtain(server: ObservedServer, key: string, make: () => Value): Value {
    const known = this.get(server, key);
    if (known !== undefined) return known;
    const value = make();
    this.set(server, key, value);
    return value;
  }

  delete(server: ObservedServer, key: string): void {
    this.#servers.get(server)?.delete(key);
  }
}
