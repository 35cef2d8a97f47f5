import { NFS4_OK } from "../nfs4/constants.ts";
import { SEQUENCE4res } from "../nfs4/ops/session.ts";
import { shortStatus } from "../requester/compound-reply.ts";
import { replyDifference } from "../requester/reply-comparison.ts";
import { ACCEPT_STAT_NAMES } from "../rpc/constants.ts";
import type { Type } from "../xdr/types.ts";
import type { Exchange } from "./exchange.ts";

/** An answer that a server may give: what probes expect. */
export interface Answer {
  /** `SEQ_MISORDERED on SEQUENCE` */
  readonly text: string;
  fits(exchange: Exchange): boolean;
}

/** Every operation succeeded. */
export const allOk: Answer = {
  text: "all operations OK",
  fits: ({ status }) => status === NFS4_OK,
};

/** SEQUENCE succeeded, whatever came behind it. */
export const sequenceOk: Answer = {
  text: "SEQUENCE OK",
  fits: (exchange) => exchange.statusAt(0) === NFS4_OK && exchange.result(SEQUENCE4res) !== null,
};

/** SEQUENCE, or whatever leads, has one of these statuses. */
export function firstStatus(...statuses: number[]): Answer {
  return operationStatus(0, ...statuses);
}

/** The operation of that index (SEQUENCE is 0) has one of these statuses. */
export function operationStatus(index: number, ...statuses: number[]): Answer {
  return {
    text: `${names(statuses)} on operation ${index}`,
    fits: (exchange) => isOneOf(exchange.statusAt(index), statuses),
  };
}

/** The last result has one of these statuses, whichever operation it is. */
export function lastStatus(...statuses: number[]): Answer {
  return {
    text: `${names(statuses)} at the end`,
    fits: ({ reply }) => isOneOf(reply?.results.at(-1)?.status ?? null, statuses),
  };
}

/** No results, and one of these statuses of the whole. */
export function wholeStatus(...statuses: number[]): Answer {
  return {
    text: `${names(statuses)} and no results`,
    fits: ({ reply }) => reply !== null && reply.results.length === 0 && isOneOf(reply.status, statuses),
  };
}

/** An error on the operation of that index or a later one, not one of those on SEQUENCE. */
export function anyErrorFrom(index: number): Answer {
  return {
    text: `an error on operation ${index} or later`,
    fits: ({ reply }) => reply !== null && reply.status !== NFS4_OK && reply.results.length > index,
  };
}

/** An error on the operation of that index, and no result behind it. */
export function errorAt(index: number): Answer {
  return {
    text: `an error on operation ${index}`,
    fits: ({ reply }) => reply !== null && reply.status !== NFS4_OK && reply.results.length === index + 1,
  };
}

/** RPC refuses the call: GARBAGE_ARGS and the like. */
export function rpcRefusal(acceptStat: number): Answer {
  return {
    text: `RPC ${ACCEPT_STAT_NAMES[acceptStat] ?? acceptStat}`,
    fits: ({ outcome }) => outcome.kind === "refused" && outcome.acceptStat === acceptStat,
  };
}

/** The reply of another exchange again; limits, status flags and tag may differ. */
export function sameReplyAs(original: Exchange): Answer {
  return {
    text: `the reply of the original (${original.text})`,
    fits: ({ reply }) => reply !== null && original.reply !== null && replyDifference(original.reply, reply) === null,
  };
}

/** The same result of that type again, whatever stands around it. */
export function sameResultAs(original: Exchange, type: Type<unknown>): Answer {
  const wanted = resultBytes(original, type);
  return {
    text: `the result of the original again (${original.text})`,
    fits: (exchange) => wanted !== null && (resultBytes(exchange, type)?.equals(wanted) ?? false),
  };
}

/** Any reply at all. */
export const anyReply: Answer = { text: "any reply", fits: ({ reply }) => reply !== null };

/** The server closes the connection. */
export const connectionLost: Answer = {
  text: "the connection ends",
  fits: ({ outcome }) => outcome.kind === "lost",
};

/** Whatever the test says. */
export function answer(text: string, fits: (exchange: Exchange) => boolean): Answer {
  return { text, fits };
}

function resultBytes({ reply }: Exchange, type: Type<unknown>): Buffer | null {
  const result = reply?.results.find(({ operation }) => operation.res === type);
  return result === undefined ? null : Buffer.from(reply!.bytes.subarray(result.start, result.end));
}

function isOneOf(status: number | null, statuses: readonly number[]): boolean {
  return status !== null && statuses.includes(status);
}

function names(statuses: readonly number[]): string {
  return statuses.map(shortStatus).join(" or ");
}
