import type { OperationValue } from "../nfs4/compound-writer.ts";
import type { CREATE_SESSION4args, EXCHANGE_ID4args } from "../nfs4/ops/session.ts";
import type { CallbackDecision, CallbackHook, ReceivedCallback } from "../requester/callback-replier.ts";
import type { CompoundCall } from "../requester/compound-call.ts";
import { shortStatus } from "../requester/compound-reply.ts";
import { ManagedSession } from "../requester/managed-session.ts";
import { Requester } from "../requester/requester.ts";
import type { RpcConnection } from "../requester/rpc-connection.ts";
import {
  type ClientOwner,
  createSessionCall,
  exchangeIdArgs,
  exchangeIdCall,
  SESSION_WISHES,
  type SessionWishes,
} from "../requester/session-calls.ts";
import { type Auth, authSys } from "../rpc/write.ts";
import type { ChannelAttributes } from "../session/channel-attributes.ts";
import { sessionIdText } from "../session/session-id.ts";
import { bytesOf } from "../xdr/types.ts";
import { Exchange, exchangeOf } from "./exchange.ts";
import { LeftState } from "./left-state.ts";
import { ProbeSession } from "./probe-session.ts";
import type { Recorder } from "./recorder.ts";
import { SentRequests } from "./sent-requests.ts";
import type { ProbeSettings, ProbeUser } from "./settings.ts";

/** Small, so that limits are within reach. */
export const PROBE_FORE: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 8192,
  maxResponseSize: 8192,
  maxResponseSizeCached: 4096,
  maxOperations: 16,
  maxRequests: 8,
  rdmaIrd: null,
};

export const PROBE_BACK: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 4096,
  maxResponseSize: 4096,
  maxResponseSizeCached: 0,
  maxOperations: 8,
  maxRequests: 4,
  rdmaIrd: null,
};

/** The credential of a user. */
export function credentialOf({ uid, gid }: ProbeUser): Auth {
  return authSys({ machineName: bytesOf("slotshark"), uid, gid });
}

/** What sets clients of one probe apart. */
export interface ProbeClientOptions {
  /** `""` for the first, `client 2 ` for the second. */
  readonly label: string;
  readonly owner: ClientOwner;
  readonly user: ProbeUser;
}

/** CREATE_SESSION, and the session if there is one. */
export interface CreatedProbeSession {
  readonly exchange: Exchange;
  readonly session: ProbeSession | null;
}

/** A client owner of a probe. Everything it sends is recorded. */
export class ProbeClient {
  readonly requester: Requester;
  readonly sent = new SentRequests();
  readonly #left = new LeftState();
  readonly #sessions: ProbeSession[] = [];
  readonly #recorder: Recorder;

  constructor(settings: ProbeSettings, recorder: Recorder, { label, owner, user }: ProbeClientOptions) {
    this.#recorder = recorder;
    this.requester = new Requester({
      connect: settings.connect,
      timers: settings.timers,
      random: settings.random,
      owner,
      minorVersion: settings.minorVersion,
      cred: credentialOf(user),
      timeoutMillis: settings.callMillisMax,
      tap: settings.tap,
      sending: (connection, call, pending) => {
        recorder.exchange(`${label}c${connection.number}`, call, pending);
        this.sent.observe(call.operations);
        void pending.outcome.then((outcome) => {
          if (outcome.kind === "reply") this.#left.observe(call.operations, outcome.reply);
        });
      },
    });
    this.onCallback(() => "answer");
  }

  /** As the last EXCHANGE_ID gave it. */
  get clientId(): bigint {
    return this.requester.clientId ?? 0n;
  }

  /** Its session of that id, destroyed ones included. */
  sessionOf(id: Uint8Array): ProbeSession | undefined {
    const key = sessionIdText(id);
    return this.#sessions.find(({ session }) => session.model.key === key);
  }

  /** Another connection: c1, c2 … in the order of opening. */
  connect(): Promise<RpcConnection> {
    return this.requester.connect();
  }

  /** EXCHANGE_ID for the client's owner, or with other arguments. */
  async exchangeId(
    connection: RpcConnection,
    changes: Partial<EXCHANGE_ID4args> = {},
    call: Partial<CompoundCall> = {},
  ): Promise<Exchange> {
    return new Exchange((await this.requester.exchangeId(connection, changes, call)).outcome);
  }

  /** EXCHANGE_ID as an operation: for compounds with others, and where the client ID is not to be taken over. */
  exchangeIdOperation(changes: Partial<EXCHANGE_ID4args> = {}): OperationValue {
    return exchangeIdCall({ ...exchangeIdArgs(this.requester.owner), ...changes });
  }

  /** CREATE_SESSION with small attributes, or with other arguments. */
  async createSession(
    connection: RpcConnection,
    wishes: Partial<SessionWishes> = {},
    changes: Partial<CREATE_SESSION4args> = {},
    call: Partial<CompoundCall> = {},
  ): Promise<CreatedProbeSession> {
    const { outcome, session } = await this.requester.createSession(connection, smallUnless(wishes), changes, call);
    const { callbackSecurity } = { ...SESSION_WISHES, ...wishes };
    const offered = changes.csa_sec_parms ?? callbackSecurity;
    const made = session === null ? null : new ProbeSession(session, offered);
    if (made !== null) this.#sessions.push(made);
    return { exchange: new Exchange(outcome), session: made };
  }

  /** What `createSession` asks for. */
  createSessionArgs(
    wishes: Partial<SessionWishes> = {},
    changes: Partial<CREATE_SESSION4args> = {},
  ): CREATE_SESSION4args {
    return this.requester.createSessionArgs(smallUnless(wishes), changes);
  }

  /** CREATE_SESSION as an operation: the session is not taken over. */
  createSessionOperation(
    wishes: Partial<SessionWishes> = {},
    changes: Partial<CREATE_SESSION4args> = {},
  ): OperationValue {
    return createSessionCall(this.createSessionArgs(wishes, changes));
  }

  /** Operations without SEQUENCE. */
  alone(connection: RpcConnection, call: Partial<CompoundCall>, ...operations: OperationValue[]): Promise<Exchange> {
    return exchangeOf(this.requester.send(connection, operations, call));
  }

  /** DESTROY_CLIENTID, alone. */
  async destroyClientId(connection: RpcConnection, clientId?: bigint): Promise<Exchange> {
    return new Exchange(await this.requester.destroyClientId(connection, clientId));
  }

  /** Sees every callback and says how to answer. */
  onCallback(hook: CallbackHook): void {
    this.requester.callbacks.hook = (callback) => {
      this.#recorder.note(`callback on c${callback.connection.number}: ${callbackText(callback)}`);
      const decision = hook(callback);
      if (decision instanceof Promise) return decision.then((decided) => this.#noteDecision(decided));
      return this.#noteDecision(decision);
    };
  }

  /** Gives back what it holds, destroys its sessions and client ID, closes its connections. */
  async cleanUp(): Promise<void> {
    this.requester.callbacks.hook = null;
    this.requester.callbacks.witness = null;
    for (const connection of this.requester.connections) connection.resumeReading();
    const compounds = this.#left.compounds();
    if (this.#left.unreachable > 0) this.#recorder.note(`${this.#left.unreachable} opens without GETFH are left open`);
    if (this.requester.clientId !== null) await this.#leave(compounds);
    this.requester.close();
  }

  async #leave(compounds: OperationValue[][]): Promise<void> {
    const connection = await this.connect().catch(() => null);
    if (connection === null) return;
    if (compounds.length > 0) {
      const options = { wishes: { fore: PROBE_FORE, flags: 0 }, patienceMillis: 0 };
      const session = new ManagedSession(this.requester, options);
      if ((await session.open()) === null) for (const compound of compounds) await session.compound(compound);
      await session.close();
    }
    for (const { session } of this.#sessions) {
      const isOpen = session.connection.isOpen;
      // Only from a connection of its own may a session be destroyed. RFC 8881 §18.37.3
      if (!isOpen) await session.bind(connection);
      await session.destroy(isOpen ? session.connection : connection);
    }
    await this.requester.destroyClientId(connection);
  }

  #noteDecision(decision: CallbackDecision): CallbackDecision {
    if (decision === "ignore") this.#recorder.note("the callback is not answered");
    else if (typeof decision === "object" && "sequenceStatus" in decision) {
      this.#recorder.note(`the callback is answered CB_SEQUENCE ${shortStatus(decision.sequenceStatus)}`);
    } else if (typeof decision === "object" && "operationStatus" in decision) {
      this.#recorder.note(`the callback is answered CB_SEQUENCE OK, then ${shortStatus(decision.operationStatus)}`);
    }
    return decision;
  }
}

function smallUnless(wishes: Partial<SessionWishes>): Partial<SessionWishes> {
  return { fore: PROBE_FORE, back: PROBE_BACK, ...wishes };
}

function callbackText({ message }: ReceivedCallback): string {
  if (message === null) return "CB_NULL";
  const { sequence, operations } = message;
  const names = operations.map(({ operation }) => operation.name).join(", ");
  if (sequence === null) return names;
  const { csa_sequenceid, csa_slotid, csa_highest_slotid } = sequence;
  return `${names} seq ${csa_sequenceid} slot ${csa_slotid} highest ${csa_highest_slotid}`;
}
