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

type Seed<S extends State> = Omit<S, "key" | "other" | "seqid">;

/** All state by stateid, and by client. */
export class StateTable {
  readonly #byKey = new Map<string, State>();
  readonly #byClient = new Map<ServedClient, Set<State>>();
  #count = 0;
  /** Tells the stateids of one server instance from those of another. */
  #boot = 1;

  get size(): number {
    return this.#byKey.size;
  }

  /** Makes state and its stateid; DELAY where there is no room for it. */
  add<S extends State>(seed: Seed<S>): S {
    const held = this.of(seed.client);
    if (this.#byKey.size >= STATES_MAX || held.size >= CLIENT_STATES_MAX) refuse(NFS4ERR_DELAY);
    const other = new Uint8Array(OTHER_BYTES);
    const words = new DataView(other.buffer);
    words.setUint32(0, this.#boot);
    words.setBigUint64(4, BigInt(++this.#count));
    const state = { ...seed, key: keyOf(other), other, seqid: 1 } as S;
    this.#byKey.set(state.key, state);
    if (held.size === 0) this.#byClient.set(seed.client, held);
    held.add(state);
    seed.client.stateCount = held.size;
    return state;
  }

  delete(state: State): void {
    if (!this.#byKey.delete(state.key)) return;
    const held = this.of(state.client);
    held.delete(state);
    state.client.stateCount = held.size;
    if (held.size === 0) this.#byClient.delete(state.client);
  }

  /** State of one client. */
  of(client: ServedClient): Set<State> {
    return this.#byClient.get(client) ?? new Set();
  }

  all(): Iterable<State> {
    return this.#byKey.values();
  }

  /** The client's state of that stateid; BAD_STATEID, OLD_STATEID. RFC 8881 §8.2.4 */
  find(client: ServedClient, { seqid, other }: stateid4): State {
    const state = this.#byKey.get(keyOf(other));
    if (state === undefined || state.client !== client) return refuse(NFS4ERR_BAD_STATEID);
    if (seqid === 0 || seqid === state.seqid) return state;
    return refuse(isOlder(seqid, state.seqid) ? NFS4ERR_OLD_STATEID : NFS4ERR_BAD_STATEID);
  }

  /** The server restarted: no stateid of before is known any more. */
  restart(): void {
    this.#byKey.clear();
    this.#byClient.clear();
    this.#boot++;
  }
}

function keyOf(other: Uint8Array): string {
  let key = "";
  for (const byte of other) key += byte.toString(16).padStart(2, "0");
  return key;
}

function isOlder(seqid: number, current: number): boolean {
  return (current - seqid) >>> 0 < 0x8000_0000;
}
