import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK } from "../nfs4/constants.ts";
import { BIND_CONN_TO_SESSION4res, type CREATE_SESSION4args, type CREATE_SESSION4res } from "../nfs4/ops/session.ts";
import type { Auth } from "../rpc/write.ts";
import { type ChannelAttributes, fromWire } from "../session/channel-attributes.ts";
import { CHANNELS } from "../session/connection.ts";
import { clientSession } from "../session/session.ts";
import type { Timers } from "../sys/timers.ts";
import type { CallbackActions, SessionModel } from "./callback-replier.ts";
import { type CompoundCall, type CompoundOutcome, compoundRecord, type PendingCompound } from "./compound-call.ts";
import { resultOf } from "./compound-reply.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import { bindCall, destroySessionCall, type SequenceFields, sequenceCall } from "./session-calls.ts";

/** A request whose every detail is the caller's: nothing is checked, repeated or remembered. */
export interface RawRequest extends SequenceFields {
  /** What follows SEQUENCE. */
  readonly operations?: readonly OperationValue[];
  /** The session's own unless given. */
  readonly connection?: RpcConnection;
  readonly sessionId?: Uint8Array;
  readonly minorVersion?: number;
  readonly tag?: string;
  readonly cred?: Auth | undefined;
  readonly xid?: number;
  readonly timeoutMillis?: number;
}

/** What a session takes over from the requester that made it. */
export interface SessionDefaults {
  readonly minorVersion: number;
  readonly cred: Auth;
  readonly timeoutMillis: number;
  readonly timers: Timers;
  readonly send: (connection: RpcConnection, call: CompoundCall) => PendingCompound;
}

/** A session as CREATE_SESSION made it, for requests written by hand. */
export class RequesterSession {
  readonly model: SessionModel;
  /** The connection that CREATE_SESSION came on; may be replaced. */
  connection: RpcConnection;
  readonly #defaults: SessionDefaults;

  constructor(model: SessionModel, connection: RpcConnection, defaults: SessionDefaults) {
    this.model = model;
    this.connection = connection;
    this.#defaults = defaults;
  }

  get id(): Uint8Array {
    return this.model.record.id;
  }

  get clientId(): bigint {
    return this.model.record.clientId;
  }

  /** What the server granted on the fore channel. */
  get granted(): ChannelAttributes {
    return this.model.record.fore.granted;
  }

  /** What the server granted on the back channel. */
  get backGranted(): ChannelAttributes {
    return this.model.record.back.granted;
  }

  /** SEQUENCE of this session. */
  sequence(fields: SequenceFields): OperationValue {
    return sequenceCall(this.id, fields);
  }

  /** Sends SEQUENCE and what is to follow it. */
  send(request: RawRequest): PendingCompound {
    return this.#defaults.send(request.connection ?? this.connection, this.#sequenced(request));
  }

  /** The record that `send` would send, mark included. */
  record(request: RawRequest): Uint8Array {
    return compoundRecord(this.#sequenced(request));
  }

  /** Sends operations without a SEQUENCE before them. */
  sendAlone(
    operations: readonly OperationValue[],
    request: Omit<RawRequest, keyof SequenceFields> = {},
  ): PendingCompound {
    return this.#defaults.send(request.connection ?? this.connection, this.#call(operations, request));
  }

  /** BIND_CONN_TO_SESSION; `direction` is channel_dir_from_client4. The model follows what the server answers. */
  async bind(connection: RpcConnection, direction?: number): Promise<CompoundOutcome> {
    const outcome = await this.sendAlone([bindCall(this.id, direction)], { connection }).outcome;
    const resok =
      outcome.kind === "reply" ? resultOf(outcome.reply, BIND_CONN_TO_SESSION4res)?.bctsr_resok4 : undefined;
    if (resok !== undefined) {
      const { bctsr_dir: channels } = resok;
      this.model.bind(connection.number, channels, channels === CHANNELS.both, this.#defaults.timers.nowNanos());
    }
    return outcome;
  }

  /** DESTROY_SESSION, alone. */
  destroy(connection: RpcConnection = this.connection): Promise<CompoundOutcome> {
    return this.sendAlone([destroySessionCall(this.id)], { connection }).outcome;
  }

  #sequenced(request: RawRequest): CompoundCall {
    const { operations = [], sessionId = this.id } = request;
    return this.#call([sequenceCall(sessionId, request), ...operations], request);
  }

  #call(operations: readonly OperationValue[], request: Partial<RawRequest>): CompoundCall {
    const { minorVersion, cred, timeoutMillis } = this.#defaults;
    return {
      operations,
      minorVersion: request.minorVersion ?? minorVersion,
      cred: request.cred ?? cred,
      timeoutMillis: request.timeoutMillis ?? timeoutMillis,
      tag: request.tag,
      xid: request.xid,
    };
  }
}

/** What a session does when it is called and nobody said otherwise: recalls are taken note of, slots given back. */
export function passiveActions(model: SessionModel): CallbackActions {
  return {
    recall: () => NFS4_OK,
    recallSlot(targetHighest) {
      model.fore.recall(targetHighest);
      return NFS4_OK;
    },
  };
}

/** The model of a session that CREATE_SESSION made. */
export function sessionModel(
  args: CREATE_SESSION4args,
  resok: NonNullable<CREATE_SESSION4res["csr_resok4"]>,
  { minorVersion, createdAt }: { minorVersion: number; createdAt: number },
): SessionModel {
  const channel = (requested: ChannelAttributes, granted: ChannelAttributes) => ({ requested, granted });
  // Callbacks are few and small: every reply is kept, asked for or not.
  return clientSession<Uint8Array>(
    {
      id: resok.csr_sessionid.slice(),
      clientId: args.csa_clientid,
      minorVersion,
      flagsRequested: args.csa_flags,
      flags: resok.csr_flags,
      fore: channel(fromWire(args.csa_fore_chan_attrs), fromWire(resok.csr_fore_chan_attrs)),
      back: channel(fromWire(args.csa_back_chan_attrs), fromWire(resok.csr_back_chan_attrs)),
      callbackProgram: args.csa_cb_program,
      callbackSecurity: args.csa_sec_parms.map(({ cb_secflavor }) => ({ flavor: cb_secflavor, principal: "" })),
      createdAt,
    },
    { cacheAll: true },
  );
}
