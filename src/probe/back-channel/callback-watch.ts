import { CB_RECALL4args } from "../../nfs4/ops/callback-delegation.ts";
import type { CB_SEQUENCE4args } from "../../nfs4/ops/callback-session.ts";
import type { CallbackMessage } from "../../requester/callback-message.ts";
import type { CallbackDecision, ReceivedCallback } from "../../requester/callback-replier.ts";
import type { IncomingCall, RpcConnection } from "../../requester/rpc-connection.ts";
import { sessionIdText } from "../../session/session-id.ts";
import type { Bench } from "../bench.ts";
import type { ProbeClient } from "../probe-client.ts";
import { formFaults } from "./callback-form.ts";
import { CallbackSlots } from "./callback-slots.ts";

/** Different faults kept of one probe. */
const FAULTS_MAX = 16;
/** Recalls that nobody has waited for. */
const RECALLS_MAX = 256;

/** A CB_RECALL as it came. */
export interface ReceivedRecall {
  readonly connection: RpcConnection;
  readonly call: IncomingCall;
  readonly message: CallbackMessage;
  readonly sequence: CB_SEQUENCE4args;
}

/** Looks at every callback that a client gets, answers recalls as it is told, and judges all at the end. */
export class CallbackWatch {
  readonly #bench: Bench;
  readonly #slots = new CallbackSlots();
  readonly #faults = new Set<string>();
  readonly #decisions: CallbackDecision[] = [];
  readonly #recalls: ReceivedRecall[] = [];
  #tell: ((recall: ReceivedRecall) => void) | null = null;
  #count = 0;

  constructor(bench: Bench, client: ProbeClient) {
    this.#bench = bench;
    client.requester.callbacks.witness = (call) => {
      this.#count++;
      for (const fault of formFaults(call, client)) this.#accuse(fault);
    };
    client.onCallback((callback) => this.#decide(callback));
  }

  /** How to answer the recalls to come; those behind them are answered as usual. */
  answerNext(...decisions: CallbackDecision[]): void {
    this.#decisions.push(...decisions);
  }

  /** One has come that nobody has waited for. */
  get hasRecall(): boolean {
    return this.#recalls.length > 0;
  }

  /** The next recall; null when none comes in time. */
  recall(millis: number): Promise<ReceivedRecall | null> {
    const recall = this.#recalls.shift();
    if (recall !== undefined) return Promise.resolve(recall);
    return new Promise((resolve) => {
      const end = (received: ReceivedRecall | null) => {
        this.#tell = null;
        cancel();
        resolve(received);
      };
      const cancel = this.#bench.settings.timers.after(millis, () => end(null));
      this.#tell = end;
    });
  }

  /** Judges all callbacks so far. */
  judge(): void {
    if (this.#count === 0) return;
    const required = "callbacks in the form and within the limits that the client gave, each with the next sequence id";
    this.#bench.check(this.#faults.size === 0, required, this.#faults.size === 0 ? "so" : [...this.#faults].join("; "));
  }

  #decide(callback: ReceivedCallback): CallbackDecision {
    const { connection, call, message } = callback;
    const sequence = message?.sequence ?? null;
    if (message === null || sequence === null) return "answer";
    const fault = this.#slots.fault(sequence, callback);
    if (fault !== null) this.#accuse(fault);
    const isRecall = message.operations.some(({ operation }) => operation.args === CB_RECALL4args);
    const decision = (isRecall ? this.#decisions.shift() : undefined) ?? "answer";
    this.#slots.decided(sequence, callback, decision);
    if (isRecall) this.#received({ connection, call, message, sequence });
    return decision;
  }

  #received(recall: ReceivedRecall): void {
    if (this.#tell !== null) this.#tell(recall);
    else if (this.#recalls.length < RECALLS_MAX) this.#recalls.push(recall);
  }

  #accuse(fault: string): void {
    if (this.#faults.size < FAULTS_MAX) this.#faults.add(fault);
  }
}

/** `session 0123… slot 0 seq 1` */
export function placeOf({ csa_sessionid, csa_slotid, csa_sequenceid }: CB_SEQUENCE4args): string {
  return `session ${sessionIdText(csa_sessionid)} slot ${csa_slotid} seq ${csa_sequenceid}`;
}
