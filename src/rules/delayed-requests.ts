import type { Call } from "../session/call.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { NewestEntries } from "./newest-entries.ts";

/** Delayed requests remembered for each session; the oldest is forgotten. */
const DELAYED_MAX = 64;

/** Requests that were answered NFS4ERR_DELAY, to be recognised when they are sent again elsewhere. */
export class DelayedRequests {
  readonly #bySession = new WeakMap<ObservedSession, NewestEntries<number, Call>>();

  add(call: Call): void {
    if (call.session === null || call.truncated) return;
    call.session.isTroubled = true;
    let delayed = this.#bySession.get(call.session);
    if (delayed === undefined) {
      delayed = new NewestEntries(DELAYED_MAX);
      this.#bySession.set(call.session, delayed);
    }
    delayed.set(call.fingerprint, call);
  }

  /** Takes out the delayed request that `call` sends again, null if it is none. */
  take(call: Call): Call | null {
    const delayed = call.session === null ? undefined : this.#bySession.get(call.session);
    const earlier = delayed?.get(call.fingerprint);
    if (earlier === undefined || earlier === call || !isSame(earlier, call)) return null;
    delayed?.delete(call.fingerprint);
    return earlier;
  }
}

function isSame(earlier: Call, call: Call): boolean {
  return earlier.operations === call.operations && earlier.principal === call.principal;
}
