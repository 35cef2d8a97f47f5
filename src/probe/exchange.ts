import type { SEQUENCE4resok } from "../nfs4/ops/session.ts";
import type { CompoundOutcome, PendingCompound } from "../requester/compound-call.ts";
import { type CompoundReply, resultOf, sequenceOf } from "../requester/compound-reply.ts";
import type { Type } from "../xdr/types.ts";
import { answerText } from "./operation-text.ts";

/** A request that was answered, or was not. */
export class Exchange {
  readonly xid: number;
  readonly outcome: CompoundOutcome;

  constructor(outcome: CompoundOutcome, xid = 0) {
    this.outcome = outcome;
    this.xid = xid;
  }

  /** Null when there was no reply, or RPC refused the call. */
  get reply(): CompoundReply | null {
    return this.outcome.kind === "reply" ? this.outcome.reply : null;
  }

  /** The status of the whole; null without a reply. */
  get status(): number | null {
    return this.reply?.status ?? null;
  }

  /** The status of an operation, SEQUENCE being 0; null where there is no result. */
  statusAt(index: number): number | null {
    return this.reply?.results[index]?.status ?? null;
  }

  /** The value of the first result of a type: `exchange.result(GETFH4res)`. */
  result<R>(type: Type<R>): R | null {
    return this.reply === null ? null : resultOf(this.reply, type);
  }

  /** The fields of a SEQUENCE that succeeded. */
  get sequence(): SEQUENCE4resok | null {
    return this.reply === null ? null : (sequenceOf(this.reply)?.resok ?? null);
  }

  get text(): string {
    return answerText(this.outcome);
  }
}

/** Waits for the answer. */
export async function exchangeOf(pending: PendingCompound): Promise<Exchange> {
  return new Exchange(await pending.outcome, pending.xid);
}
