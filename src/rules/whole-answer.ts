import { statusName } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { FormFault } from "../session/form-fault.ts";
import { exchangeFrames } from "./exchange-frames.ts";
import type { Observation, Report } from "./rule.ts";

/** What became of the compound as a whole, in words. */
export function outcomeText({ reply }: Call): string {
  if (reply === null) return "no answer was seen";
  if (reply.rpcError !== null) return `the server refused it: ${reply.rpcError}`;
  return `the server answered ${statusName(reply.status)}`;
}

/** The status of the compound as a whole, where it has one; else why it has none. */
export function outcome({ reply }: Call): Pick<Report, "actual"> {
  if (reply === null) return { actual: { text: "no answer" } };
  if (reply.rpcError !== null) return { actual: { text: reply.rpcError } };
  if (reply.status < 0) return { actual: { text: "an answer that cannot be read" } };
  return { actual: { status: [reply.status] } };
}

/** What all reports on one exchange share, whether or not it has a SEQUENCE. */
export function exchangeReport(call: Call, message: string, expected?: Observation): Report {
  return {
    call,
    since: call.at,
    frames: exchangeFrames(call),
    ...(expected === undefined ? {} : { expected }),
    ...outcome(call),
    message: `${message}; ${outcomeText(call)}`,
  };
}

/** A report on the form of a compound. */
export function formReport(call: Call, { statuses }: FormFault, message: string): Report {
  return exchangeReport(call, message, statuses.length === 0 ? undefined : { status: statuses });
}

/** How many of the call's operations got NFS4_OK. */
export function operationsDone({ reply }: Call): number {
  if (reply === null || reply.results.numbers.length === 0) return 0;
  return reply.lastStatus === 0 ? reply.results.numbers.length : reply.results.numbers.length - 1;
}
