import type { TimeBase } from "../analysis/time-base.ts";
import { NFS4_OK, statusName } from "../nfs4/constants.ts";
import { operationNameOf } from "../rules/operation-name-of.ts";
import { type Call, NO_STATUS } from "../session/call.ts";
import { jsonPlace } from "./json-place.ts";

/** Where a request was sent: the members of an exchange that are the same for most on a connection. */
export function jsonExchangePlace({ connection, session, channel }: Call) {
  return { connection: connection.name, session: session?.id ?? null, channel };
}

/** What was asked and answered: the members that are the same for most requests with the same operations. */
export function jsonExchangeWork(call: Call, statuses: ArrayLike<number>, base: TimeBase) {
  const { reply, seq, verdict, original, operations, minorVersion, operationCount } = call;
  const isAnswered = reply !== null && reply.rpcError === null;
  return {
    minorVersion: minorVersion < 0 ? null : minorVersion,
    cachethis: seq < 0 ? null : call.cachethis,
    verdict: verdict === "unjudged" ? null : verdict,
    retryOf: jsonPlace(base, original),
    operations: operations.numbers.map((operation) => operationNameOf(call, operation)),
    operationCount: minorVersion < 0 ? null : operationCount,
    statuses: isAnswered ? reply.results.numbers.map((_, index) => statusName(statuses[index]!)) : null,
    status: reply === null || reply.status === NO_STATUS ? null : statusName(reply.status),
    rpcError: reply?.rpcError ?? null,
  };
}

/** Time from call to reply, whole microseconds; null without a reply, or with one that was captured before its call. */
export function latencyMicros({ at, reply }: Call): number | null {
  return reply === null || reply.at < at ? null : Math.floor((reply.at - at) / 1000);
}

/** Every operation was understood, is no repetition, and only the last result may tell of a failure. */
export function isPlain(call: Call, statuses: ArrayLike<number>): boolean {
  const { reply, original, operations, operationCount } = call;
  if (reply === null || reply.rpcError !== null || original !== null) return false;
  if (operationCount !== operations.numbers.length) return false;
  const last = reply.results.numbers.length - 1;
  for (let i = 0; i < last; i++) if (statuses[i] !== NFS4_OK) return false;
  return true;
}
