import type { TimeBase } from "../../src/analysis/time-base.ts";
import { callbackOperationName, operationName, statusName } from "../../src/nfs4/constants.ts";
import type { Call } from "../../src/session/call.ts";

/** What an exchange's line says, told once more without any of the code that writes it. */
export function exchangeObject(call: Call, statuses: ArrayLike<number>, base: TimeBase) {
  const { reply, original, session } = call;
  const time = (at: number) => (Number.isFinite(at) ? base.format(at) : null);
  const seen = reply === null ? [call] : [call, reply];
  const nameOf = call.channel === "fore" ? operationName : callbackOperationName;
  const known = (value: number) => (value < 0 ? null : value);
  return {
    type: "exchange",
    time: time(call.at),
    frames: seen.map(({ frame }) => frame),
    frameCaptures: seen.map(({ capture }) => capture),
    latencyMicros: reply === null ? null : known(Math.floor((reply.at - call.at) / 1000)),
    xid: call.xid >>> 0,
    connection: `${call.connection.client} > ${call.connection.server}`,
    session: session === null ? null : session.id,
    channel: call.channel,
    slot: known(call.slotId),
    seq: known(call.seq),
    minorVersion: known(call.minorVersion),
    cachethis: call.seq < 0 ? null : call.cachethis,
    verdict: call.verdict === "unjudged" ? null : call.verdict,
    retryOf: original === null ? null : { capture: original.capture, frame: original.frame, time: time(original.at) },
    operations: Array.from(call.operations.numbers, nameOf),
    operationCount: call.minorVersion < 0 ? null : call.operationCount,
    statuses:
      reply === null || reply.rpcError !== null
        ? null
        : Array.from({ length: reply.results.numbers.length }, (_, i) => statusName(statuses[i]!)),
    status: reply === null || reply.status < 0 ? null : statusName(reply.status),
    rpcError: reply === null ? null : reply.rpcError,
  };
}
