import { LEASE_ASSUMED_SECONDS } from "./lease.ts";
import { type RestartSign, ServerEpochs } from "./server-epoch.ts";

/** So many slots refused, or sessions lost, have one cause... */
const CROWD_MIN = 3;
/** ...when they are so close together. */
const TOGETHER_NANOS = 5e9;
/** What one upheaval is shown by comes within this time; some clients notice late. */
const SETTLING_NANOS = 2 * LEASE_ASSUMED_SECONDS * 1e9;
const UPHEAVALS_KEPT = 16;
const RECENT_KEPT = 64;

/** Why a server forgot at once what it knew. RFC 8881 §2.10.13 */
export type UpheavalKind =
  /** It restarted: sessions and client IDs are gone. */
  | "restart"
  /** Its slots stand elsewhere, as after a takeover of the address by a node that knows the sessions only. */
  | "takeover"
  /** It refused many slots whose requests it may still be executing: perhaps a takeover, perhaps it is only slow. */
  | "slots-refused"
  /** Many sessions are gone, and no restart explains it. */
  | "sessions-lost";

export interface Upheaval {
  /** Becomes a better one as more is seen. */
  kind: UpheavalKind;
  /** When the first connection was lost to it, the first was opened again, or its first sign. */
  from: number;
  /** Its first sign. */
  readonly at: number;
}

/** Which explains the other, when both are seen together. */
const EXPLAINS: Readonly<Record<UpheavalKind, readonly UpheavalKind[]>> = {
  restart: ["sessions-lost", "slots-refused"],
  takeover: ["slots-refused"],
  "slots-refused": [],
  "sessions-lost": [],
};

/** A slot refused or a session lost. */
export interface Loss {
  readonly kind: "takeover" | "slots-refused" | "sessions-lost";
  readonly what: object;
  readonly from: number;
  readonly at: number;
}

/** Recognises that what happens to many slots and sessions of one server is one thing. */
export class Upheavals {
  readonly #epochs = new ServerEpochs(LEASE_ASSUMED_SECONDS * 1e9);
  /** Since the first sign of a restart that is not recognised yet. */
  #suspected: { from: number; at: number } | null = null;
  #recent: Loss[] = [];
  #known: Upheaval[] = [];

  /** In order of time, the last ones. */
  get all(): readonly Upheaval[] {
    return this.#known;
  }

  /** True when the sign makes a restart of it. `from`: when the connection that shows it was opened, or the sign's time. */
  noteRestartSign(sign: RestartSign, at: number, from = at): boolean {
    if (this.#suspected === null || at - this.#suspected.at > SETTLING_NANOS) this.#suspected = { from, at };
    if (!this.#epochs.note(sign, at)) return false;
    this.#open({ kind: "restart", ...this.#suspected });
    this.#suspected = null;
    return true;
  }

  /** A slot was refused that should not have been, or a session forgotten. `from`: as above. */
  noteLoss(loss: Loss): void {
    const isSame = (other: Loss) => other.kind === loss.kind && other.what === loss.what;
    this.#recent = this.#recent.filter((other) => loss.at - other.at <= TOGETHER_NANOS && !isSame(other));
    if (this.#recent.length < RECENT_KEPT) this.#recent.push(loss);
    const crowd = this.#recent.filter(({ kind }) => kind === loss.kind);
    if (crowd.length < CROWD_MIN) return;
    this.#open({ kind: loss.kind, at: crowd[0]!.at, from: Math.min(...crowd.map(({ from }) => from)) });
  }

  /** What comes together is one. */
  #open(upheaval: Upheaval): void {
    const last = this.#known.at(-1);
    if (last === undefined || upheaval.at - last.at > SETTLING_NANOS) this.#known.push(upheaval);
    else if (EXPLAINS[upheaval.kind].includes(last.kind)) {
      last.kind = upheaval.kind;
      last.from = Math.min(last.from, upheaval.from);
    }
    if (this.#known.length > UPHEAVALS_KEPT) this.#known.shift();
  }

  /** The upheaval that lies between the two times. */
  between(since: number, to: number): Upheaval | null {
    for (const upheaval of this.#known.toReversed()) {
      if (to < upheaval.from) continue;
      return since <= upheaval.at ? upheaval : null;
    }
    return null;
  }

  /** The upheaval of which something at this time, with no past of its own, may be a part. */
  around(at: number): Upheaval | null {
    return this.#known.findLast(({ from, at: seen }) => from <= at && at - seen <= SETTLING_NANOS) ?? null;
  }
}
