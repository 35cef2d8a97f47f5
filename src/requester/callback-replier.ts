import { callbackOperationNamed } from "../nfs4/callback-table.ts";
import type { OperationValue } from "../nfs4/compound-writer.ts";
import {
  NFS4_OK,
  NFS4ERR_BADHANDLE,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADXDR,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_NOMATCHING_LAYOUT,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQUENCE_POS,
} from "../nfs4/constants.ts";
import type { Operation } from "../nfs4/operation.ts";
import type { CB_RECALL4args } from "../nfs4/ops/callback-delegation.ts";
import type { CB_SEQUENCE4args } from "../nfs4/ops/callback-session.ts";
import { principal } from "../rpc/auth-sys.ts";
import { GARBAGE_ARGS, PROC_UNAVAIL, PROG_MISMATCH, PROG_UNAVAIL, SUCCESS } from "../rpc/constants.ts";
import type { ClientSession } from "../session/session.ts";
import { sessionIdText } from "../session/session-id.ts";
import { type CallbackMessage, callbackReply, readCallback, statusResult } from "./callback-message.ts";
import type { IncomingCall, RpcConnection } from "./rpc-connection.ts";

export const CB_NULL = 0;
export const CB_COMPOUND = 1;
/** The program block of RFC 5662 says 1, the text of RFC 8881 §18.36.3 says 4: either is answered. */
const CALLBACK_VERSIONS = { low: 1, high: 4 } as const;
/** Callbacks whose answer a hook has not decided on. */
const UNDECIDED_MAX = 1024;

/** The session as this side keeps it; replies of the back channel are kept as bytes. */
export type SessionModel = ClientSession<Uint8Array>;

/** A callback as it arrived. */
export interface ReceivedCallback {
  readonly connection: RpcConnection;
  readonly call: IncomingCall;
  /** Null for CB_NULL. */
  readonly message: CallbackMessage | null;
}

/** What to do with a callback: the usual, nothing at all, or something else. */
export type CallbackDecision =
  | "answer"
  | "ignore"
  /** CB_SEQUENCE fails with this status: the slot stays where it is. */
  | { readonly sequenceStatus: number }
  /** CB_SEQUENCE succeeds, and what follows it fails with this status. */
  | { readonly operationStatus: number }
  /** The results of CB_COMPOUND as they are to be sent. */
  | { readonly body: Uint8Array };

/** Sees every callback first; the answer waits for its decision. */
export type CallbackHook = (callback: ReceivedCallback) => CallbackDecision | Promise<CallbackDecision>;

/** Is told of every call from the server before anything is made of it, whatever program it is for. */
export type CallWitness = (call: IncomingCall, connection: RpcConnection) => void;

/** What one session does when it is called. */
export interface CallbackActions {
  /** CB_RECALL; gives the status. */
  recall(args: CB_RECALL4args): number;
  /** CB_RECALL_SLOT. */
  recallSlot(targetHighest: number): number;
}

interface Called {
  readonly model: SessionModel;
  readonly actions: CallbackActions;
}

const CB_SEQUENCE = named("CB_SEQUENCE");
const CB_ILLEGAL = named("CB_ILLEGAL");
/** What is said to operations that this client has no use for. */
const REFUSALS: ReadonlyMap<string, number> = new Map([
  ["CB_GETATTR", NFS4ERR_BADHANDLE],
  ["CB_LAYOUTRECALL", NFS4ERR_NOMATCHING_LAYOUT],
]);

/** The replier's half of the back channels of a requester's sessions. RFC 8881 §20 */
export class CallbackReplier {
  /** May answer instead. */
  hook: CallbackHook | null = null;
  witness: CallWitness | null = null;
  readonly #program: number;
  readonly #sessions = new Map<string, Called>();
  #undecided = 0;

  constructor(program: number) {
    this.#program = program;
  }

  add(model: SessionModel, actions: CallbackActions): void {
    this.#sessions.set(model.key, { model, actions });
  }

  remove(model: SessionModel): void {
    this.#sessions.delete(model.key);
  }

  /** Answers a call from the server. */
  readonly handleCall = (call: IncomingCall, connection: RpcConnection): void => {
    const { xid, program, version, procedure } = call;
    this.witness?.(call, connection);
    if (program !== this.#program) connection.answer({ xid, acceptStat: PROG_UNAVAIL });
    else if (version !== CALLBACK_VERSIONS.low && version !== CALLBACK_VERSIONS.high) {
      connection.answer({ xid, acceptStat: PROG_MISMATCH, ...CALLBACK_VERSIONS });
    } else if (procedure > CB_COMPOUND) connection.answer({ xid, acceptStat: PROC_UNAVAIL });
    else this.#receive(call, connection);
  };

  #receive(call: IncomingCall, connection: RpcConnection): void {
    const message = call.procedure === CB_NULL ? null : readCallback(call.record, call.bodyStart);
    if (message === null && call.procedure !== CB_NULL) {
      connection.answer({ xid: call.xid, acceptStat: GARBAGE_ARGS });
      return;
    }
    const callback = { connection, call, message };
    const decision = this.#undecided < UNDECIDED_MAX ? (this.hook?.(callback) ?? "answer") : "answer";
    if (!(decision instanceof Promise)) {
      this.#carryOut(callback, decision);
      return;
    }
    this.#undecided++;
    void decision
      .then((decided) => this.#carryOut(callback, decided))
      .finally(() => {
        this.#undecided--;
      });
  }

  #carryOut(callback: ReceivedCallback, decision: CallbackDecision): void {
    if (decision === "ignore") return;
    const { connection, call, message } = callback;
    const body = message === null ? null : this.#body(message, call, decision);
    connection.answer({ xid: call.xid, acceptStat: SUCCESS }, body);
  }

  #body(message: CallbackMessage, call: IncomingCall, decision: Exclude<CallbackDecision, "ignore">): Uint8Array {
    if (decision === "answer") return this.#answer(message, call, null);
    if ("body" in decision) return decision.body;
    if ("operationStatus" in decision) return this.#answer(message, call, decision.operationStatus);
    return failed(message, CB_SEQUENCE, decision.sequenceStatus);
  }

  /** `refusal`: what to say to the operation behind CB_SEQUENCE; null: what comes of it. */
  #answer(message: CallbackMessage, call: IncomingCall, refusal: number | null): Uint8Array {
    const { sequence, tag, operations } = message;
    if (sequence === null) {
      const first = operations[0]?.operation ?? message.damagedOperation;
      if (first === undefined || first === null) return nothingRead(message);
      return failed(message, first, NFS4ERR_OP_NOT_IN_SESSION);
    }
    const called = this.#sessions.get(sessionIdText(sequence.csa_sessionid));
    if (called === undefined) return failed(message, CB_SEQUENCE, NFS4ERR_BADSESSION);
    const { model } = called;
    if (message.minorVersion !== model.record.minorVersion) return callbackReply(NFS4ERR_MINOR_VERS_MISMATCH, tag, []);
    const slots = model.back;
    if (slots === null) return failed(message, CB_SEQUENCE, NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
    const request = {
      fingerprint: message.fingerprint,
      principal: String(principal(call.header, call.record)),
      cachethis: sequence.csa_cachethis,
      highest: sequence.csa_highest_slotid,
    };
    const { csa_slotid: slotId, csa_sequenceid: seq } = sequence;
    const { status, cached } = slots.validateSequence(slotId, seq, request);
    if (status !== NFS4_OK) return failed(message, CB_SEQUENCE, status);
    if (cached?.kind === "full") return cached.reply;
    if (cached !== null) return this.#uncached(message, sequence, model);
    slots.markSlotInUse(slotId, seq, request);
    const body = this.#execute(message, sequence, called, refusal);
    slots.completeSlotRequest(slotId, seq, sequence.csa_cachethis, body);
    return body;
  }

  #execute(message: CallbackMessage, sequence: CB_SEQUENCE4args, called: Called, refusal: number | null): Uint8Array {
    const results = [sequenceResult(sequence, called.model)];
    for (const { operation, value } of message.operations.slice(1)) {
      const status = refusal ?? statusFor(operation, value, called.actions);
      results.push(statusResult(operation, status));
      if (status !== NFS4_OK) return callbackReply(status, message.tag, results);
    }
    if (message.unknownOperation !== null) {
      results.push(statusResult(CB_ILLEGAL, NFS4ERR_OP_ILLEGAL));
      return callbackReply(NFS4ERR_OP_ILLEGAL, message.tag, results);
    }
    if (message.damagedOperation !== null) {
      results.push(statusResult(message.damagedOperation, NFS4ERR_BADXDR));
      return callbackReply(NFS4ERR_BADXDR, message.tag, results);
    }
    return callbackReply(NFS4_OK, message.tag, results);
  }

  /** RFC 8881 §2.10.6.1.3: SEQUENCE succeeds, what follows says that its reply was not kept. */
  #uncached(message: CallbackMessage, sequence: CB_SEQUENCE4args, model: SessionModel): Uint8Array {
    const results = [sequenceResult(sequence, model)];
    const second = message.operations[1];
    if (second === undefined) return callbackReply(NFS4_OK, message.tag, results);
    results.push(statusResult(second.operation, NFS4ERR_RETRY_UNCACHED_REP));
    return callbackReply(NFS4ERR_RETRY_UNCACHED_REP, message.tag, results);
  }
}

function statusFor(operation: Operation, value: unknown, actions: CallbackActions): number {
  switch (operation.name) {
    case "CB_SEQUENCE":
      return NFS4ERR_SEQUENCE_POS;
    case "CB_RECALL":
      return actions.recall(value as CB_RECALL4args);
    case "CB_RECALL_SLOT":
      return actions.recallSlot((value as { rsa_target_highest_slotid: number }).rsa_target_highest_slotid);
    default:
      return REFUSALS.get(operation.name) ?? NFS4ERR_NOTSUPP;
  }
}

function sequenceResult(sequence: CB_SEQUENCE4args, model: SessionModel): OperationValue {
  const highest = model.back?.enforcedHighest ?? 0;
  const csr_resok4 = {
    csr_sessionid: sequence.csa_sessionid,
    csr_sequenceid: sequence.csa_sequenceid,
    csr_slotid: sequence.csa_slotid,
    csr_highest_slotid: highest,
    csr_target_highest_slotid: model.back?.targetHighest ?? highest,
  };
  return { operation: CB_SEQUENCE, value: { csr_status: NFS4_OK, csr_resok4 } };
}

function failed({ tag }: CallbackMessage, operation: Operation, status: number): Uint8Array {
  return callbackReply(status, tag, [statusResult(operation, status)]);
}

function nothingRead(message: CallbackMessage): Uint8Array {
  if (message.unknownOperation === null) return callbackReply(NFS4_OK, message.tag, []);
  return failed(message, CB_ILLEGAL, NFS4ERR_OP_ILLEGAL);
}

function named(name: string): Operation {
  const operation = callbackOperationNamed(name);
  if (operation === undefined) throw new RangeError(`no callback operation ${name}`);
  return operation;
}
