import type { ChannelAttributes } from "./channel-attributes.ts";
import { Bindings } from "./connection.ts";
import { RequestSlots } from "./request-slots.ts";
import { sessionIdText } from "./session-id.ts";
import type { SlotBounds } from "./slot-bounds.ts";
import { SLOT_BOUNDS } from "./slot-bounds.ts";
import type { SlotPolicy } from "./slot-table.ts";
import { SlotTable } from "./slot-table.ts";

/** The attributes of one channel, as asked for and as granted. */
export interface NegotiatedChannel {
  readonly requested: ChannelAttributes;
  readonly granted: ChannelAttributes;
}

/** callback_sec_parms4, as far as a session has to know: the flavor and what identifies the credential. */
export interface CallbackSecurity {
  /** 0 AUTH_NONE, 1 AUTH_SYS, 6 RPCSEC_GSS. */
  readonly flavor: number;
  readonly principal: string;
}

/** What CREATE_SESSION settled. RFC 8881 §18.36 */
export interface SessionRecord {
  readonly id: Uint8Array;
  readonly clientId: bigint;
  readonly minorVersion: number;
  /** csa_flags and csr_flags. */
  readonly flagsRequested: number;
  readonly flags: number;
  readonly fore: NegotiatedChannel;
  readonly back: NegotiatedChannel;
  /** csa_cb_program; BACKCHANNEL_CTL may change both. */
  readonly callbackProgram: number;
  readonly callbackSecurity: readonly CallbackSecurity[];
  /** Nanoseconds on the caller's clock. */
  readonly createdAt: number;
}

/**
 * A session, independent of whatever table holds it. Which half of a channel it has depends on the side: see
 * `serverSession` and `clientSession`.
 */
export class Session<Fore, Back> {
  readonly record: SessionRecord;
  /** 32 lower-case hexadecimal digits. */
  readonly key: string;
  readonly fore: Fore;
  readonly connections = new Bindings();
  callbackProgram: number;
  callbackSecurity: readonly CallbackSecurity[];
  lastActivity: number;
  destroyedAt: number | null = null;
  /** A persistent session whose server instance ended: it answers retries only. RFC 8881 §2.10.6.5 */
  deadSince: number | null = null;
  readonly #makeBack: () => Back;
  #back: Back | null = null;

  constructor(record: SessionRecord, fore: Fore, makeBack: () => Back) {
    this.record = record;
    this.key = sessionIdText(record.id);
    this.fore = fore;
    this.callbackProgram = record.callbackProgram;
    this.callbackSecurity = record.callbackSecurity;
    this.lastActivity = record.createdAt;
    this.#makeBack = makeBack;
  }

  /** Null until CONN_BACK_CHAN was granted or a connection was bound to the back channel. */
  get back(): Back | null {
    return this.#back;
  }

  /** The connection of CREATE_SESSION, with the back channel if CONN_BACK_CHAN was granted. RFC 8881 §2.10.3.1 */
  created(connection: number, withBack: boolean): void {
    this.connections.created(connection, withBack, this.record.createdAt);
    this.#wantBack();
  }

  /** BIND_CONN_TO_SESSION; `widens` as in `bindAnswer`. A back channel can come into being by it. */
  bind(connection: number, wished: number, widens: boolean, at: number): { status: number; channels: number } {
    const answer = this.connections.bind(connection, wished, widens, at);
    this.#wantBack();
    return answer;
  }

  /** BACKCHANNEL_CTL. RFC 8881 §18.33 */
  setCallback(program: number, security: readonly CallbackSecurity[]): void {
    this.callbackProgram = program;
    this.callbackSecurity = security;
  }

  /** The table outlives its connections: callbacks that were on their way are sent again with the same slots. */
  #wantBack(): void {
    if (this.#back === null && this.connections.hasBack) this.#back = this.#makeBack();
  }
}

/** The server answers on the fore channel and asks on the back channel. */
export type ServerSession<Reply> = Session<SlotTable<Reply>, RequestSlots>;
/** The client asks on the fore channel and answers on the back channel. */
export type ClientSession<Reply> = Session<RequestSlots, SlotTable<Reply>>;

/** The session as its server keeps it. */
export function serverSession<Reply>(
  record: SessionRecord,
  policy: Partial<SlotPolicy> = {},
  bounds: SlotBounds = SLOT_BOUNDS,
): ServerSession<Reply> {
  const fore = new SlotTable<Reply>(record.fore.granted.maxRequests, policy, bounds);
  return new Session(record, fore, () => new RequestSlots(record.back.granted.maxRequests, bounds));
}

/** The session as its client keeps it. */
export function clientSession<Reply>(
  record: SessionRecord,
  policy: Partial<SlotPolicy> = {},
  bounds: SlotBounds = SLOT_BOUNDS,
): ClientSession<Reply> {
  const fore = new RequestSlots(record.fore.granted.maxRequests, bounds);
  return new Session(record, fore, () => new SlotTable<Reply>(record.back.granted.maxRequests, policy, bounds));
}
