import type { OperationValue } from "../nfs4/compound-writer.ts";
import type { callback_sec_parms4 } from "../nfs4/types.ts";
import type { RawRequest, RequesterSession } from "../requester/requester-session.ts";
import type { RpcConnection } from "../requester/rpc-connection.ts";
import type { SequenceFields } from "../requester/session-calls.ts";
import type { ChannelAttributes } from "../session/channel-attributes.ts";
import { Exchange, exchangeOf } from "./exchange.ts";

/** What a request may have besides sequence id, slot and operations. */
export type SequenceOptions = Partial<Omit<RawRequest, "seq" | "slot" | "operations">>;

/** A session of a probe: every request is written out, nothing is repeated or put right. */
export class ProbeSession {
  readonly session: RequesterSession;
  /** Credentials that the server may call back with. */
  readonly callbackSecurity: readonly callback_sec_parms4[];

  constructor(session: RequesterSession, callbackSecurity: readonly callback_sec_parms4[]) {
    this.session = session;
    this.callbackSecurity = callbackSecurity;
  }

  get id(): Uint8Array {
    return this.session.id;
  }

  /** What the server granted: the only numbers to expect anything from. */
  get granted(): ChannelAttributes {
    return this.session.granted;
  }

  get connection(): RpcConnection {
    return this.session.connection;
  }

  /** Requests go on another connection from now on. */
  moveTo(connection: RpcConnection): void {
    this.session.connection = connection;
  }

  /**
   * S(seq, slot) and what follows: `session.sequence(1, 0, { cachethis: true }, putRootFh(), getAttr("size"))`. It is
   * sent before the call returns; the promise is for the answer.
   */
  sequence(
    seq: number,
    slot: number,
    options: SequenceOptions = {},
    ...operations: OperationValue[]
  ): Promise<Exchange> {
    return exchangeOf(this.session.send({ ...options, seq, slot, operations }));
  }

  /** The record that `sequence` would send, mark included: for half of it. */
  record(seq: number, slot: number, options: SequenceOptions = {}, ...operations: OperationValue[]): Uint8Array {
    return this.session.record({ ...options, seq, slot, operations });
  }

  /** Operations without a SEQUENCE before them. */
  alone(options: Omit<SequenceOptions, "highest" | "cachethis">, ...operations: OperationValue[]): Promise<Exchange> {
    return exchangeOf(this.session.sendAlone(operations, options));
  }

  /** SEQUENCE as an operation, for compounds with more than one of them or with it in another place. */
  sequenceOperation(seq: number, slot: number, options: Omit<SequenceFields, "seq" | "slot"> = {}): OperationValue {
    return this.session.sequence({ ...options, seq, slot });
  }

  /** BIND_CONN_TO_SESSION; `direction` is channel_dir_from_client4. */
  async bind(connection: RpcConnection, direction?: number): Promise<Exchange> {
    return new Exchange(await this.session.bind(connection, direction));
  }

  /** DESTROY_SESSION, alone. */
  async destroy(connection?: RpcConnection): Promise<Exchange> {
    return new Exchange(await this.session.destroy(connection));
  }
}
