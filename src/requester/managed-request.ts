import type { OperationValue } from "../nfs4/compound-writer.ts";
import type { Auth } from "../rpc/write.ts";
import type { CompoundReply } from "./compound-reply.ts";

/** How a request ended whose slot and retries were taken care of. */
export type ManagedOutcome =
  /** SEQUENCE succeeded; what the operations say is the caller's, DELAY on one of them too. */
  | { readonly kind: "reply"; readonly reply: CompoundReply }
  /** It was executed, but its reply is gone: NFS4ERR_RETRY_UNCACHED_REP. */
  | { readonly kind: "uncached"; readonly reply: CompoundReply }
  /** It may have been executed. */
  | { readonly kind: "unsure"; readonly why: string }
  /** It was not executed; `status` is what SEQUENCE or the whole said, if it came so far. */
  | { readonly kind: "failed"; readonly why: string; readonly status: number | null };

/** What a caller may say about a request. */
export interface RequestOptions {
  /** Asks for the reply to be kept until the slot is used again; true unless told otherwise. */
  readonly cachethis?: boolean;
  readonly cred?: Auth;
  /** Doing it twice does no harm: it goes out again where an earlier transmission may have been executed. */
  readonly isRepeatable?: boolean;
  /** Gives the caller an answer at once; what is on its way is still seen to its end. */
  readonly signal?: AbortSignal;
}

/** A request from its first transmission to its answer. */
export interface ManagedRequest {
  readonly operations: readonly OperationValue[];
  readonly cachethis: boolean;
  readonly cred: Auth | null;
  readonly isRepeatable: boolean;
  /** Transmissions with the slot and sequence id that it has now. */
  transmissions: number;
  /** How often it was put off or had to start over: bounded. */
  setbacks: number;
  /** A transmission was cut off: the server may have executed it. */
  mayHaveRun: boolean;
  /** Null once the caller has an answer: a lone SEQUENCE then takes the request's place until the slot is settled. */
  settle: ((outcome: ManagedOutcome) => void) | null;
}

/** A request, and the promise of its answer. */
export function managedRequest(
  operations: readonly OperationValue[],
  { cachethis = true, cred, isRepeatable = false, signal }: RequestOptions = {},
): { request: ManagedRequest; outcome: Promise<ManagedOutcome> } {
  let settle!: (outcome: ManagedOutcome) => void;
  const outcome = new Promise<ManagedOutcome>((resolve) => {
    settle = resolve;
  });
  const request: ManagedRequest = {
    operations,
    cachethis,
    cred: cred ?? null,
    isRepeatable,
    transmissions: 0,
    setbacks: 0,
    mayHaveRun: false,
    settle,
  };
  if (signal !== undefined) callOffWith(request, signal);
  return { request, outcome };
}

/** Tells the caller, once. */
export function settleRequest(request: ManagedRequest, outcome: ManagedOutcome): void {
  const { settle } = request;
  request.settle = null;
  settle?.(outcome);
}

/** It will not be tried again: `unsure` if a transmission may have been executed. */
export function giveUp(request: ManagedRequest, why: string, status: number | null = null): void {
  settleRequest(request, request.mayHaveRun ? { kind: "unsure", why } : { kind: "failed", why, status });
}

function callOffWith(request: ManagedRequest, signal: AbortSignal): void {
  const callOff = () => {
    if (request.transmissions > 0) request.mayHaveRun = true;
    giveUp(request, "called off");
  };
  if (signal.aborted) {
    callOff();
    return;
  }
  signal.addEventListener("abort", callOff, { once: true });
  const { settle } = request;
  request.settle = (outcome) => {
    signal.removeEventListener("abort", callOff);
    settle?.(outcome);
  };
}
