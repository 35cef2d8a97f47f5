import type { ObservedSlotTable } from "../session/observed-slot-table.ts";

/** What a rule waits for an answer about. As long as it does, clean answers on its slot table are told as `answer-watched`. */
export class Vigils<K, V> extends Map<K, V> {
  readonly #tableOf: (key: K) => ObservedSlotTable;

  constructor(tableOf: (key: K) => ObservedSlotTable) {
    super();
    this.#tableOf = tableOf;
  }

  override set(key: K, value: V): this {
    if (!this.has(key)) this.#tableOf(key).watchers++;
    return super.set(key, value);
  }

  override delete(key: K): boolean {
    const isOver = super.delete(key);
    if (isOver) this.#tableOf(key).watchers--;
    return isOver;
  }

  override clear(): void {
    for (const key of this.keys()) this.#tableOf(key).watchers--;
    super.clear();
  }
}
