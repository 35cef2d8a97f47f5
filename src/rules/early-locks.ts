import { OP_GET_DIR_DELEGATION, OP_LAYOUTGET, OP_LOCK, OP_OPEN, OP_WANT_DELEGATION } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { OperationSeen } from "../session/facts.ts";
import type { ObservedClient } from "../session/observed-client.ts";
import { doubtsOf } from "./client-doubts.ts";
import type { Handlers, Report, RuleContext } from "./rule.ts";

/** What obtains a lock. RFC 8881 §18.51.3 */
export const LOCKING_OPERATIONS = [OP_OPEN, OP_LOCK, OP_LAYOUTGET, OP_WANT_DELEGATION, OP_GET_DIR_DELEGATION];

/** Claims of OPEN and WANT_DELEGATION that take back what was held before. RFC 8881 §18.16.3 */
const CLAIM_PREVIOUS = 1;
const CLAIM_DELEGATE_PREV = 3;
const CLAIM_DELEG_PREV_FH = 6;
const RECLAIMS: ReadonlySet<number> = new Set([CLAIM_PREVIOUS, CLAIM_DELEGATE_PREV, CLAIM_DELEG_PREV_FH]);

/** The first lock that a new client ID asked for before it sent RECLAIM_COMPLETE for everything. */
export interface EarlyLock extends OperationSeen {
  readonly client: ObservedClient;
  /** Of the operation; null when it got no result. */
  readonly status: number | null;
  /** What every report on it shares. */
  readonly doubts: Pick<Report, "because" | "since" | "holds">;
}

/** Watches for locks before RECLAIM_COMPLETE, of client IDs that were seen to be made; at most one for each. */
export function watchEarlyLocks(context: RuleContext, tell: (lock: EarlyLock) => void): Handlers {
  const waiting = new WeakMap<Call, OperationSeen & { client: ObservedClient }>();
  const told = new WeakSet<ObservedClient>();
  const settle = (call: Call, status: number | null) => {
    const lock = waiting.get(call);
    if (lock === undefined || told.has(lock.client)) return;
    told.add(lock.client);
    const { client } = lock;
    const holds = () => !wasCompleteBefore(client, call, context);
    tell({ ...lock, status, doubts: { because: doubtsOf(client, context), since: client.firstSeen.at, holds } });
  };
  return {
    "operation-call"({ call, index, operation }) {
      const { session } = call;
      const client = session?.client;
      // Every client but the one at fault leaves here.
      if (client == null || client.reclaimCompleteSent !== null || waiting.has(call)) return;
      const isNew = client.eirSequenceId !== null && session!.created !== null;
      if (!isNew || call.original !== null || told.has(client)) return;
      if (isLock(context.argsOf(call, index))) waiting.set(call, { call, index, operation, client });
    },
    "operation-result"({ call, index, status }) {
      if (waiting.get(call)?.index === index) settle(call, status);
    },
    unanswered: (call) => settle(call, null),
  };
}

/** Not a reclaim; what cannot be read is none. */
function isLock(args: unknown): boolean {
  if (args === null || args === undefined) return false;
  const { reclaim, claim, wda_claim } = args as Partial<Record<string, unknown>>;
  const number =
    (claim as { claim?: number } | undefined)?.claim ?? (wda_claim as { dc_claim?: number })?.dc_claim ?? 0;
  return reclaim !== true && !RECLAIMS.has(number);
}

/** The RECLAIM_COMPLETE had been sent after all: it was recorded too late, or no order is proven. */
function wasCompleteBefore({ reclaimCompleteSent }: ObservedClient, call: Call, { isOrdered }: RuleContext): boolean {
  if (reclaimCompleteSent === null) return false;
  return !isOrdered(call, call.connection, reclaimCompleteSent, reclaimCompleteSent.connection);
}
