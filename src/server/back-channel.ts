import { callbackOperationOf } from "../nfs4/callback-table.ts";
import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK, NFS4ERR_DELAY } from "../nfs4/constants.ts";
import { CB_SEQUENCE4res } from "../nfs4/ops/callback-session.ts";
import type { Auth } from "../rpc/write.ts";
import type { RequestSlots, Ticket } from "../session/request-slots.ts";
import type { Timers } from "../sys/timers.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import { CALLBACK_VERSION, type CallbackMessage, CB_COMPOUND, CB_NULL, callbackBody } from "./callback-message.ts";
import type { Hooks } from "./hooks.ts";
import { NO_REFERRING_CALLS, type ReferringCall, referringLists } from "./referring-calls.ts";
import type { ServedSession } from "./served-session.ts";

/** Callbacks of one session that wait for a slot or a connection. */
const WAITING_MAX = 1024;
/** How often one callback is sent again because the client said DELAY. */
const DELAYS_MAX = 64;
const PAUSE_MILLIS_MIN = 50;
const PAUSE_MILLIS_MAX = 5000;
/** How long a client may take to answer CB_NULL. */
const TEST_MILLIS_MAX = 15_000;

/** How calls get to a client. `answered` is told the results of the RPC call, or null when there are none to come. */
export interface CallbackTransport {
  call(
    connection: number,
    call: { program: number; version: number; procedure: number; cred?: Auth },
    body: Uint8Array,
    answered: (results: Uint8Array | null) => void,
  ): void;
}

interface Callback {
  readonly operations: readonly OperationValue[];
  /** The request that made what the callback is about, if the client may not know of it yet. */
  readonly cause: ReferringCall | null;
  /** Told the status of the first operation behind CB_SEQUENCE; null when the client could not be reached. */
  readonly done: (status: number | null) => void;
  delays: number;
}

/** Whether a connection carries callbacks: CB_NULL finds out. */
type Path = "untested" | "up" | "down";

/** The requester's half of a session's back channel: callbacks, their slots and the connections they go out on. RFC 8881 §2.10.3 */
export class BackChannel {
  readonly #transport: CallbackTransport;
  readonly #timers: Timers;
  readonly #hooks: Hooks;
  #session: ServedSession | null = null;
  readonly #paths = new Map<number, Path>();
  readonly #waiting: Callback[] = [];
  /** By slot: what was sent and has no answer yet. */
  readonly #running = new Map<number, Callback>();
  /** Slots whose refused callback is to go out again as soon as there is a connection. */
  readonly #due = new Set<number>();
  #isClosed = false;
  /** The client and we disagree about the slots: the session cannot call back any more. */
  hasFault = false;

  constructor(transport: CallbackTransport, timers: Timers, hooks: Hooks) {
    this.#transport = transport;
    this.#timers = timers;
    this.#hooks = hooks;
  }

  /** Has to come before anything else. */
  belongTo(session: ServedSession): void {
    this.#session = session;
  }

  /** Callbacks can be sent now. */
  get isUp(): boolean {
    return !this.hasFault && this.#connection() !== null;
  }

  /** No connection carries callbacks, and none is being tested. */
  get isDown(): boolean {
    return this.hasFault || ![...this.#paths.values()].some((path) => path !== "down");
  }

  /** A connection was bound to the back channel: it is tested, and what could not be sent or was cut off goes out on it. */
  connectionBound(connection: number): void {
    const path = this.#paths.get(connection) ?? "down";
    if (this.#isClosed || path !== "down" || this.#owner.callbackCred === null) return;
    this.#paths.set(connection, "untested");
    const call = { program: this.#owner.model.callbackProgram, version: CALLBACK_VERSION, procedure: CB_NULL };
    const cancel = this.#timers.after(TEST_MILLIS_MAX, () => this.#tested(connection, "down"));
    this.#transport.call(connection, call, new Uint8Array(0), (results) => {
      cancel();
      this.#tested(connection, results === null ? "down" : "up");
    });
  }

  #tested(connection: number, path: Path): void {
    // It may be gone meanwhile.
    if (!this.#paths.has(connection)) return;
    this.#paths.set(connection, path);
    if (path === "up") this.#resume();
  }

  connectionLost(connection: number): void {
    if (!this.#paths.delete(connection)) return;
    this.#slots?.connectionLost(connection);
    this.#resume();
  }

  /** Sends a callback as soon as there is a slot and a connection. */
  send(operations: readonly OperationValue[], cause: ReferringCall | null, done: Callback["done"]): void {
    if (this.#isClosed || this.hasFault || this.#waiting.length >= WAITING_MAX) {
      done(null);
      return;
    }
    this.#waiting.push({ operations, cause, done, delays: 0 });
    this.#flush();
  }

  /** The session ended. */
  close(): void {
    this.#isClosed = true;
    this.#paths.clear();
    this.#giveUp();
  }

  get #owner(): ServedSession {
    if (this.#session === null) throw new Error("a back channel without its session");
    return this.#session;
  }

  get #slots(): RequestSlots | null {
    return this.#owner.model.back;
  }

  #connection(): number | null {
    for (const [connection, path] of this.#paths) if (path === "up") return connection;
    return null;
  }

  /** Interrupted callbacks MUST be sent again with the same slot and sequence id; then comes what waits. RFC 8881 §2.10.13.2.4 */
  #resume(): void {
    const connection = this.#connection();
    const slots = this.#slots;
    if (connection === null || slots === null) return;
    for (const slotId of [...slots.interruptedSlots, ...this.#due]) {
      const callback = this.#running.get(slotId);
      if (callback !== undefined) this.#transmit(callback, slots.resend(slotId, connection), connection);
    }
    this.#due.clear();
    this.#flush();
  }

  #flush(): void {
    const slots = this.#slots;
    while (slots !== null && this.#waiting.length > 0) {
      const connection = this.#connection();
      const ticket = connection === null ? null : slots.take(connection);
      if (ticket === null || connection === null) return;
      const callback = this.#waiting.shift() as Callback;
      this.#running.set(ticket.slotId, callback);
      this.#transmit(callback, ticket, connection);
    }
  }

  #transmit(callback: Callback, { slotId, seq, highest }: Ticket, connection: number): void {
    const { model, callbackCred } = this.#owner;
    const drafted: CallbackMessage = {
      connection,
      program: model.callbackProgram,
      version: CALLBACK_VERSION,
      cred: callbackCred as Auth,
      tag: "",
      minorVersion: model.record.minorVersion,
      sequence: {
        csa_sessionid: model.record.id,
        csa_sequenceid: seq,
        csa_slotid: slotId,
        csa_highest_slotid: highest,
        // What a callback changes may be done twice; a reply need not be kept for it.
        csa_cachethis: false,
        csa_referring_call_lists: callback.cause === null ? NO_REFERRING_CALLS : referringLists(callback.cause),
      },
      operations: (sequence) => [sequence, ...callback.operations],
    };
    for (const message of this.#hooks.calling?.(drafted, this.#owner) ?? [drafted]) {
      const { program, version, cred } = message;
      const call = { program, version, procedure: CB_COMPOUND, cred };
      this.#transport.call(message.connection, call, callbackBody(message), (results) =>
        this.#answered(callback, message, { slotId, seq }, results),
      );
    }
  }

  #answered(
    callback: Callback,
    message: CallbackMessage,
    { slotId, seq }: { slotId: number; seq: number },
    results: Uint8Array | null,
  ): void {
    const slots = this.#slots;
    if (this.#isClosed || slots === null || this.#running.get(slotId) !== callback) return;
    // Not answered because the connection went: it will be sent again.
    if (slots.stateOf(slotId) === "interrupted") return;
    const answer = results === null ? null : readAnswer(results);
    if (answer === null) {
      this.#fail();
      return;
    }
    this.#hooks.called?.(message, answer, this.#owner);
    if (answer.sequenceStatus === NFS4_OK) this.#owner.client.lease.renew(this.#timers.nowNanos());
    switch (slots.replied(slotId, seq, answer.sequenceStatus, answer.limits)) {
      case "done":
        this.#finish(slotId, callback, answer.status);
        return;
      case "resend":
        this.#pause(callback, () => this.#resend(slotId, callback));
        return;
      case "drop":
        this.#running.delete(slotId);
        callback.done(answer.sequenceStatus);
        this.#flush();
        return;
      case "other-slot":
        this.#running.delete(slotId);
        this.#waiting.unshift(callback);
        this.#flush();
        return;
      case "ignore":
        return;
      default:
        this.#fail();
    }
  }

  /** CB_SEQUENCE went well. A later DELAY wants a new sequence id: the old one would only give the kept DELAY again. §15.1.1.3 */
  #finish(slotId: number, callback: Callback, status: number): void {
    this.#running.delete(slotId);
    if (status === NFS4ERR_DELAY && callback.delays < DELAYS_MAX) {
      this.#pause(callback, () => {
        if (this.#isClosed || this.hasFault) {
          callback.done(null);
          return;
        }
        this.#waiting.push(callback);
        this.#flush();
      });
    } else {
      callback.done(status);
    }
    this.#flush();
  }

  #resend(slotId: number, callback: Callback): void {
    const slots = this.#slots;
    if (slots === null || this.#running.get(slotId) !== callback || slots.stateOf(slotId) !== "refused") return;
    const connection = this.#connection();
    if (connection === null) this.#due.add(slotId);
    else this.#transmit(callback, slots.resend(slotId, connection), connection);
  }

  #pause(callback: Callback, then: () => void): void {
    const millis = Math.min(PAUSE_MILLIS_MIN * 2 ** callback.delays, PAUSE_MILLIS_MAX);
    callback.delays++;
    this.#timers.after(millis, then);
  }

  #fail(): void {
    this.hasFault = true;
    this.#giveUp();
  }

  #giveUp(): void {
    const all = [...this.#running.values(), ...this.#waiting.splice(0)];
    this.#running.clear();
    this.#due.clear();
    for (const callback of all) callback.done(null);
  }
}

export interface CallbackAnswer {
  readonly sequenceStatus: number;
  readonly limits: { readonly highest: number; readonly target: number } | null;
  /** Of the first operation behind CB_SEQUENCE, or of the whole. */
  readonly status: number;
}

/** Reads CB_COMPOUND4res; null when it is none, or has no CB_SEQUENCE result. */
function readAnswer(results: Uint8Array): CallbackAnswer | null {
  const cursor = new Cursor().reset(results, 0, results.length);
  try {
    const status = cursor.u32();
    const tagLength = cursor.u32();
    cursor.skip(tagLength + (-tagLength & 3));
    if (cursor.u32() === 0 || callbackOperationOf(cursor.u32())?.res !== CB_SEQUENCE4res) return null;
    const sequence = CB_SEQUENCE4res.read(cursor);
    const limits =
      sequence.csr_resok4 === undefined
        ? null
        : { highest: sequence.csr_resok4.csr_highest_slotid, target: sequence.csr_resok4.csr_target_highest_slotid };
    return { sequenceStatus: sequence.csr_status, limits, status };
  } catch (error) {
    if (error instanceof XdrError) return null;
    throw error;
  }
}
