import type { Call } from "./call.ts";

/** Is told of each call once, when nothing more will come of it: for who keeps a record of all traffic. */
export interface ExchangeSink {
  /** `call.reply` was taken in. `statuses` begin with those of its results, and stay until this returns. */
  answered(call: Call, statuses: ArrayLike<number>): void;
  /** No reply will come: another call took over its xid, or its connection or the capture ended. */
  abandoned(call: Call): void;
}
