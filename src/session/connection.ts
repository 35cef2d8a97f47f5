import { NFS4_OK, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_DELAY, NFS4ERR_INVAL } from "../nfs4/constants.ts";

/** Sets of channels: bits that add up. The values of channel_dir_from_server4. RFC 8881 §18.34.2 */
export const CHANNELS = { fore: 1, back: 2, both: 3 } as const;

/** channel_dir_from_client4. RFC 8881 §18.34.1 */
export const WISHED_CHANNELS = { fore: 1, back: 2, foreOrBoth: 3, backOrBoth: 7 } as const;

/** Connections that one session can have. */
const SESSION_CONNECTIONS_MAX = 1024;

export interface BindAnswer {
  readonly status: number;
  /** CHANNELS; 0 when the status is not OK. */
  readonly channels: number;
}

/**
 * Decides a BIND_CONN_TO_SESSION. `wished` is bctsa_dir; `bound` the CHANNELS that the connection already has, 0 for
 * none; `widens`: the server gives both channels when the client would take them. A bound connection keeps its set:
 * a wish that the set does not satisfy is a demand for change, hence INVAL. RFC 8881 §18.34.3
 */
export function bindAnswer(wished: number, bound: number, widens: boolean): BindAnswer {
  const least = leastChannels(wished);
  if (least === 0) return { status: NFS4ERR_INVAL, channels: 0 };
  const takesBoth = wished === WISHED_CHANNELS.foreOrBoth || wished === WISHED_CHANNELS.backOrBoth;
  if (bound === 0) return { status: NFS4_OK, channels: takesBoth && widens ? CHANNELS.both : least };
  // Whether a second bind may widen the set is not said; servers do. RFC 8881 §18.34.3
  if (takesBoth && widens && (bound & least) !== 0) return { status: NFS4_OK, channels: CHANNELS.both };
  const isSatisfied = bound === least || (takesBoth && bound === CHANNELS.both);
  return isSatisfied ? { status: NFS4_OK, channels: bound } : { status: NFS4ERR_INVAL, channels: 0 };
}

function leastChannels(wished: number): number {
  switch (wished) {
    case WISHED_CHANNELS.fore:
    case WISHED_CHANNELS.foreOrBoth:
      return CHANNELS.fore;
    case WISHED_CHANNELS.back:
    case WISHED_CHANNELS.backOrBoth:
      return CHANNELS.back;
    default:
      return 0;
  }
}

/** True when a server may answer `wished` with `granted`. RFC 8881 §18.34.3 */
export function isLegalBind(wished: number, granted: number): boolean {
  const least = leastChannels(wished);
  if (least === 0) return false;
  if (granted === least) return true;
  return granted === CHANNELS.both && (wished === WISHED_CHANNELS.foreOrBoth || wished === WISHED_CHANNELS.backOrBoth);
}

export interface Binding {
  /** CHANNELS. */
  channels: number;
  readonly how: "create-session" | "bind" | "implicit";
  readonly since: number;
}

/** The connections of one session. A connection may belong to other sessions too. RFC 8881 §2.10.3.1 */
export class Bindings {
  readonly #byConnection = new Map<number, Binding>();
  /** Connections that came when the table was full. */
  dropped = 0;

  /** CREATE_SESSION binds its own connection, to the back channel only when CONN_BACK_CHAN was granted. */
  created(connection: number, withBack: boolean, at: number): void {
    this.#set(connection, { channels: withBack ? CHANNELS.both : CHANNELS.fore, how: "create-session", since: at });
  }

  bind(connection: number, wished: number, widens: boolean, at: number): BindAnswer {
    const bound = this.#byConnection.get(connection);
    const answer = bindAnswer(wished, bound?.channels ?? 0, widens);
    if (answer.status !== NFS4_OK) return answer;
    if (bound !== undefined) bound.channels = answer.channels;
    else if (!this.#set(connection, { channels: answer.channels, how: "bind", since: at })) {
      return { status: NFS4ERR_DELAY, channels: 0 };
    }
    return answer;
  }

  /**
   * SEQUENCE arrived on the connection. An unbound one becomes part of the fore channel, unless the client ID's state
   * protection enforces BIND_CONN_TO_SESSION. RFC 8881 §2.10.3.1, §18.46.3. To be called before the slot is judged;
   * `bindOnSuccess` follows when SEQUENCE succeeded.
   */
  admits(connection: number, isEnforced: boolean): number {
    const isBound = ((this.#byConnection.get(connection)?.channels ?? 0) & CHANNELS.fore) !== 0;
    return isBound || !isEnforced ? NFS4_OK : NFS4ERR_CONN_NOT_BOUND_TO_SESSION;
  }

  /** A successful SEQUENCE adds the fore channel. */
  bindOnSuccess(connection: number, at: number): void {
    const bound = this.#byConnection.get(connection);
    if (bound !== undefined) bound.channels |= CHANNELS.fore;
    else this.#set(connection, { channels: CHANNELS.fore, how: "implicit", since: at });
  }

  /** The connection ended. True when the session lost its last back channel by it. */
  lost(connection: number): boolean {
    const had = this.hasBack;
    this.#byConnection.delete(connection);
    return had && !this.hasBack;
  }

  get(connection: number): Readonly<Binding> | null {
    return this.#byConnection.get(connection) ?? null;
  }

  get count(): number {
    return this.#byConnection.size;
  }

  get hasBack(): boolean {
    return !this.#of(CHANNELS.back).next().done;
  }

  get hasFore(): boolean {
    return !this.#of(CHANNELS.fore).next().done;
  }

  /** Connections of one channel, the one bound first first. */
  connections(channel: "fore" | "back"): number[] {
    return [...this.#of(CHANNELS[channel])];
  }

  *#of(channels: number): Generator<number> {
    for (const [connection, binding] of this.#byConnection) {
      if ((binding.channels & channels) !== 0) yield connection;
    }
  }

  #set(connection: number, binding: Binding): boolean {
    if (this.#byConnection.size >= SESSION_CONNECTIONS_MAX && !this.#byConnection.has(connection)) {
      this.dropped++;
      return false;
    }
    this.#byConnection.set(connection, binding);
    return true;
  }
}
