import { flagNames } from "../session/status-flags.ts";
import { allOk } from "./answers.ts";
import type { Bench } from "./bench.ts";
import type { Exchange } from "./exchange.ts";
import type { ProbeSession, SequenceOptions } from "./probe-session.ts";

/** How long a server may take until its flags tell of what happened. */
const SETTLING_MILLIS_MAX = 5000;
const LOOK_MILLIS = 200;

/** sr_status_flags of a request that succeeded; 0 otherwise. */
export function statusFlagsOf(exchange: Exchange): number {
  return exchange.sequence?.sr_status_flags ?? 0;
}

/** `CB_PATH_DOWN, BACKCHANNEL_FAULT` */
export function statusFlagsText(flags: number): string {
  return flags === 0 ? "no status flag" : flagNames(flags).join(", ");
}

/** Looks at the flags until they are as wished, or long enough; sends lone SEQUENCEs on a slot that nobody else uses. */
export class FlagReader {
  readonly #bench: Bench;
  readonly #session: ProbeSession;
  readonly #slot: number;
  #seq = 0;

  constructor(bench: Bench, session: ProbeSession, slot: number) {
    this.#bench = bench;
    this.#session = session;
    this.#slot = slot;
  }

  /** The flags as they were last seen. */
  async settled(isAsWished: (flags: number) => boolean, options: SequenceOptions = {}): Promise<number> {
    for (let waited = 0; ; waited += LOOK_MILLIS) {
      const exchange = await this.#session.sequence(++this.#seq, this.#slot, options);
      this.#bench.need(exchange, allOk, "status flags");
      const flags = statusFlagsOf(exchange);
      if (isAsWished(flags) || waited >= SETTLING_MILLIS_MAX) return flags;
      await this.#bench.pause(LOOK_MILLIS);
    }
  }
}
