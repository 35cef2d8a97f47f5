import type { Endpoint } from "../net/stream.ts";
import { RPCSEC_GSS } from "../rpc/constants.ts";
import {
  GssBody,
  GssCred,
  GssInitResult,
  gssBody,
  isGssControl,
  parseGssCred,
  parseGssInitResult,
  RPC_GSS_SVC_NONE,
  RPCSEC_GSS_CONTINUE_INIT,
  RPCSEC_GSS_INIT,
} from "../rpc/gss.ts";
import type { RpcHeader } from "../rpc/message.ts";
import type { Call } from "../session/call.ts";
import type { Body } from "./body.ts";

/** GSS contexts whose sequence numbers are followed; the oldest are let go first. */
const CONTEXTS_MAX = 16_384;
/** Where the window is not known: few servers have a smaller one. */
const WINDOW_ASSUMED = 32;

/** In place of a service: a control call, or a credential that cannot be read. */
export const NO_SERVICE = -1;

interface Context {
  /** Highest sequence number sent under it. */
  highest: number;
  window: number;
}

const cred = new GssCred();
const wrapped = new GssBody();
const created = new GssInitResult();

/** RPCSEC_GSS around calls and replies: what its bodies are wrapped in, and the sequence windows of contexts. RFC 2203 §5.3 */
export class GssReader {
  readonly #contexts = new Map<number, Context>();
  contextsDropped = 0;
  /** How far behind its context's newest sequence number the last credential is, when that is outside the window; else 0. */
  #behind = 0;

  /** Reads the credential of a call. `peers`: differs where client or server do; handles are their private matter. */
  service(header: RpcHeader, { bytes }: Body, peers: number): number {
    this.#behind = 0;
    if (header.credFlavor !== RPCSEC_GSS) return RPC_GSS_SVC_NONE;
    if (!parse(header, bytes) || isGssControl(cred)) return NO_SERVICE;
    const context = this.#context(hashOf(peers, bytes, cred.handleStart, cred.handleLength));
    const behind = context.highest - cred.sequence;
    if (behind < 0) context.highest = cred.sequence;
    else if (behind >= context.window) this.#behind = behind;
    return cred.service;
  }

  /** Moves the body inside the wrapping of `service`; false when it is encrypted. */
  unwrap(service: number, message: Body): boolean {
    if (service === RPC_GSS_SVC_NONE) return true;
    gssBody(service, message.bytes, message.start, message.end, message.elidedAt, message.elidedLength, wrapped);
    if (wrapped.kind === "opaque") return false;
    message.start = wrapped.start;
    message.end = wrapped.end;
    if (!wrapped.isComplete) message.truncated = true;
    return true;
  }

  /** The call whose credential was read last. */
  enter(call: Call, service: number): void {
    call.gssService = service;
    if (this.#behind > 0) call.gssBehind = this.#behind;
  }

  /** The call makes a context. */
  isCreation(header: RpcHeader, { bytes }: Body): boolean {
    if (header.credFlavor !== RPCSEC_GSS || !parse(header, bytes)) return false;
    return cred.procedure === RPCSEC_GSS_INIT || cred.procedure === RPCSEC_GSS_CONTINUE_INIT;
  }

  /** The reply to a call that makes a context. */
  creationReply({ bytes, start, end }: Body, peers: number): void {
    if (!parseGssInitResult(bytes, start, end, created) || created.handleLength === 0) return;
    const context = this.#context(hashOf(peers, bytes, created.handleStart, created.handleLength));
    context.window = created.window;
    context.highest = 0;
  }

  #context(hash: number): Context {
    let context = this.#contexts.get(hash);
    if (context !== undefined) return context;
    context = { highest: 0, window: WINDOW_ASSUMED };
    if (this.#contexts.size >= CONTEXTS_MAX) {
      for (const oldest of this.#contexts.keys()) {
        this.#contexts.delete(oldest);
        break;
      }
      this.contextsDropped++;
    }
    this.#contexts.set(hash, context);
    return context;
  }

  limits() {
    return [{ name: "GSS contexts", bound: CONTEXTS_MAX, dropped: this.contextsDropped }];
  }
}

/** A number that differs, as a rule, between pairs of hosts. */
export function peersOf([{ address: one }, { address: other }]: readonly [Endpoint, Endpoint]): number {
  let hash = 0;
  for (const text of one < other ? [one, other] : [other, one])
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function parse({ credStart, credLength }: RpcHeader, bytes: Uint8Array): boolean {
  return parseGssCred(bytes, credStart, credStart + credLength, cred);
}

function hashOf(seed: number, bytes: Uint8Array, start: number, length: number): number {
  let hash = seed;
  for (let at = start; at < start + length; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return hash;
}
