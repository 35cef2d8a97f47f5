import { NFS4ERR_BAD_STATEID, NFS4ERR_DELAY, NFS4ERR_OLD_STATEID } from "../../nfs4/constants.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import { refuse } from "../refusal.ts";
import type { ServedClient } from "../served-client.ts";
import type { State } from "./state.ts";

/** Opens, locks and delegations of all clients. */
const STATES_MAX = 262_144;
/** Of one client: it must not take the room of all others. */
const CLIENT_STATES_MAX = 65_536;
const OTHER_BYTES = 12;
/** Number and instance in the other field of a stateid; the instance is never 0, so that no special stateid is made. */
const NUMBER_HIGH_AT = 4;
const NUMBER_LOW_AT = 8;
const WORD = 2 ** 32;

type Seed<S extends State> = Omit<S, "number" | "other" | "seqid">;

/** How much state there may be. */
export interface StateLimits {
  readonly statesMax: number;
  readonly clientStatesMax: number;
}

/** All state by stateid, and by client. */
export class StateTable {
  readonly #limits: StateLimits;
  readonly #byNumber = new Map<number, State>();
  readonly #byClient = new Map<ServedClient, Set<State>>();
  #lastNumber = 0;
  /** Tells the stateids of one server instance from those of another. */
  #instance = 1;

  constructor(limits: StateLimits = { statesMax: STATES_MAX, clientStatesMax: CLIENT_STATES_MAX }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byNumber.size;
  }

  /** The client can have more state. */
  hasRoom(client: ServedClient): boolean {
    const { statesMax, clientStatesMax } = this.#limits;
    return this.#byNumber.size < statesMax && this.of(client).size < clientStatesMax;
  }

  /** DELAY where it cannot. */
  requireRoom(client: ServedClient): void {
    if (!this.hasRoom(client)) refuse(NFS4ERR_DELAY);
  }

  /** Makes state and its stateid; DELAY where there is no room for it. */
  add<S extends State>(seed: Seed<S>): S {
    this.requireRoom(seed.client);
    const number = ++this.#lastNumber;
    const state = { ...seed, number, other: this.#otherOf(number), seqid: 1 } as unknown as S;
    const held = this.#byClient.get(seed.client) ?? new Set();
    this.#byNumber.set(number, state);
    this.#byClient.set(seed.client, held.add(state));
    seed.client.stateCount = held.size;
    return state;
  }

  delete(state: State): void {
    if (!this.#byNumber.delete(state.number)) return;
    const held = this.#byClient.get(state.client) as Set<State>;
    held.delete(state);
    state.client.stateCount = held.size;
    if (held.size === 0) this.#byClient.delete(state.client);
  }

  /** State of one client. */
  of(client: ServedClient): ReadonlySet<State> {
    return this.#byClient.get(client) ?? new Set();
  }

  has(state: State): boolean {
    return this.#byNumber.get(state.number) === state;
  }

  all(): Iterable<State> {
    return this.#byNumber.values();
  }

  /** The client's state of that stateid, whatever its seqid; BAD_STATEID. RFC 8881 §8.2.4 */
  find(client: ServedClient, { other }: stateid4): State {
    const words = new DataView(other.buffer, other.byteOffset, OTHER_BYTES);
    const number = words.getUint32(NUMBER_HIGH_AT) * WORD + words.getUint32(NUMBER_LOW_AT);
    const state = words.getUint32(0) === this.#instance ? this.#byNumber.get(number) : undefined;
    return state === undefined || state.client !== client ? refuse(NFS4ERR_BAD_STATEID) : state;
  }

  /** The server restarted: no stateid of before is known any more. */
  restart(): void {
    this.#byNumber.clear();
    this.#byClient.clear();
    this.#instance++;
  }

  #otherOf(number: number): Uint8Array {
    const other = new Uint8Array(OTHER_BYTES);
    const words = new DataView(other.buffer);
    words.setUint32(0, this.#instance);
    words.setUint32(NUMBER_HIGH_AT, Math.floor(number / WORD));
    words.setUint32(NUMBER_LOW_AT, number % WORD);
    return other;
  }
}

/** Whether the client knows all changes of the state; OLD_STATEID, BAD_STATEID. 0 stands for the latest. RFC 8881 §8.2.2 */
export function requireSeqid(state: State, seqid: number): void {
  if (seqid === 0 || seqid === state.seqid) return;
  refuse(isOlder(seqid, state.seqid) ? NFS4ERR_OLD_STATEID : NFS4ERR_BAD_STATEID);
}

/** Seqids go round: what lies within the half behind the current one is older. */
function isOlder(seqid: number, current: number): boolean {
  return (current - seqid) >>> 0 < 0x8000_0000;
}
