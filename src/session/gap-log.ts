/** Times with missing bytes kept one by one; beyond them only the last one's end moves on. */
const GAPS_KEPT = 256;

/** When bytes were missing on any connection between two parties: what one lost may be what another lacks. */
export class GapLog {
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  add(from: number, to: number): void {
    const last = this.#to.length - 1;
    if (from <= this.#to[last]! && from >= this.#from[last]!) this.#to[last] = Math.max(to, this.#to[last]!);
    else if (this.#from.length < GAPS_KEPT) {
      this.#from.push(from);
      this.#to.push(to);
    } else this.#to[GAPS_KEPT - 1] = to;
  }

  /** Bytes are missing from the capture somewhere between the two times. */
  hasBetween(from: number, to: number): boolean {
    for (let i = this.#to.length - 1; i >= 0; i--) {
      if (this.#to[i]! >= from && this.#from[i]! <= to) return true;
    }
    return false;
  }
}

/** Pairs of a client's and a server's address that are remembered; the others share a log. */
const PAIRS_MAX = 4096;

/** One log for each pair of addresses. */
export class GapLogs {
  readonly #logs = new Map<string, GapLog>();
  readonly #others = new GapLog();

  of(clientAddress: string, server: string): GapLog {
    const key = `${clientAddress} ${server}`;
    let log = this.#logs.get(key);
    if (log !== undefined) return log;
    if (this.#logs.size >= PAIRS_MAX) return this.#others;
    log = new GapLog();
    this.#logs.set(key, log);
    return log;
  }
}
