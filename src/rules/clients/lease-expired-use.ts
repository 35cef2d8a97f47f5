import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  OP_CLOSE,
  OP_OPEN,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
  sequenceStatusFlagNames,
  statusName,
} from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { doubtsOf } from "../client-doubts.ts";
import { counted } from "../counted.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { lastKnownAt, lastRenewalOf } from "../lease-state.ts";
import type { DowngradeCode, Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

const EXPIRED = SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED | SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED;

/** What comes too late, until its answer does. */
interface Late {
  readonly renewedAt: number;
  readonly opens: number;
  /** Nothing at all was recorded meanwhile, or a request may have been running: only the answer can tell. */
  readonly isDoubtful: boolean;
}

/** The client was silent for longer than its lease, while it had files open. */
export const leaseExpiredUse: Rule = {
  id: "lease-expired-use",
  severity: "warning",
  fault: "client",
  title: "A client let its lease run out and then went on",
  rfc: "RFC 8881 8.3, 8.4.3",
  help: {
    means:
      "No SEQUENCE of the client ID succeeded for longer than lease_time, on any of its sessions, though it had files open. Then it came back. A courteous server has kept the state; another one has given the locks to somebody else (NFS4ERR_BADSESSION, or a flag that state was revoked). Where lease_time was not captured 90 seconds are assumed, and it is only noted unless the server says that state is gone.",
    hurts:
      "Locks and opens may be lost without a word to the programs that rely on them; what was cached may be written over somebody else's data.",
    todo: "Look for what kept the client silent: a network outage, a suspended machine, a renewal thread that hangs. A client should renew after half to two thirds of the lease.",
  },
  pynfs: ["COUR1"],
  downgrades: { H: 1, M: 1, V: 1, G: "off", P: "off", T: "off", R: "off" },
  operations: [OP_OPEN, OP_CLOSE],
  watch(context) {
    const opens = new WeakMap<ObservedClient | ObservedSession, number>();
    const late = new WeakMap<Call, Late>();
    /** End of the lease that was told of last: what waits on many slots comes late all at once. */
    const told = new WeakMap<ObservedClient | ObservedSession, number>();
    let tickedAt = Number.NEGATIVE_INFINITY;

    const look = (call: Call) => {
      const { session } = call;
      // Nearly always it was renewed a moment ago.
      if (session === null || call.at - session.lastRenewalAt <= session.server.leaseNanos) return;
      const { leaseNanos } = session.server;
      const renewedAt = session.client === null ? lastKnownAt(session) : lastRenewalOf(session.client);
      const open = opens.get(holderOf(session)) ?? 0;
      if (!Number.isFinite(renewedAt) || call.at - renewedAt <= leaseNanos || open <= 0) return;
      const isDoubtful = call.at - tickedAt > leaseNanos || mayHaveBeenRunning(call, session);
      late.set(call, { renewedAt, opens: open, isDoubtful });
      call.isAwaited = true;
    };
    const answered = (call: Call) => {
      const found = call.isAwaited ? late.get(call) : undefined;
      if (found === undefined) return;
      late.delete(call);
      if (found.isDoubtful && !isConfirmed(call)) return;
      const { session, at, reply } = call;
      const { server, client } = session!;
      if (told.get(client ?? session!) === found.renewedAt) return;
      told.set(client ?? session!, found.renewedAt);
      const because: DowngradeCode[] = client === null ? [] : doubtsOf(client, context);
      const isLeaseKnown = server.leaseSeconds !== null;
      // Only the server can say that the lease ran out for it, too.
      if (!isLeaseKnown || !isConfirmed(call)) because.push("V");
      context.report({
        call,
        // Longer leases than the usual one are no rarity: unless the server itself says that it was over.
        severity: isLeaseKnown || isConfirmed(call) ? "warning" : "note",
        because,
        since: found.renewedAt,
        frames: exchangeFrames(call),
        expected: { text: "a SEQUENCE within the lease" },
        ...(reply === null || reply.slotStatus === NO_STATUS ? {} : { actual: { status: [reply.slotStatus] } }),
        message: `client ${client === null ? session!.id : `ID 0x${client.clientId}`} was silent for ${seconds(at - found.renewedAt)} (lease_time ${isLeaseKnown ? "" : "not seen, usually "}${seconds(server.leaseNanos)}) with ${counted(found.opens, "open file")}: ${outcomeOf(call)}`,
      });
    };
    return {
      "operation-result"({ call, operation, status }) {
        // A file that is opened twice may be closed once: then the count says that something is open, not how much.
        if (status !== NFS4_OK || call.session === null || call.original !== null) return;
        const holder = holderOf(call.session);
        opens.set(holder, Math.max(0, (opens.get(holder) ?? 0) + (operation === OP_OPEN ? 1 : -1)));
      },
      "call-past-lease": look,
      "call-early": look,
      "call-retry": look,
      "answer-awaited": answered,
      answer: answered,
      unanswered: answered,
      tick(at) {
        tickedAt = at;
      },
    };
  },
};

function holderOf(session: ObservedSession): ObservedClient | ObservedSession {
  return session.client ?? session;
}

/** A request that is being executed keeps the lease. RFC 8881 §8.3 */
function mayHaveBeenRunning(call: Call, session: ObservedSession): boolean {
  const sessions = session.client?.sessions ?? [session];
  return sessions.some(({ fore }) =>
    [...fore.used()].some(({ current }) => current !== null && mayBeRunning(current, call)),
  );
}

/** An earlier transmission than `call` was never answered, and no other was taken. */
function mayBeRunning(request: Call, call: Call): boolean {
  return !request.wasAccepted && request.transmissions.some((sent) => sent !== call && sent.reply === null);
}

/** The server says itself that the lease had run out. */
function isConfirmed({ reply }: Call): boolean {
  return reply !== null && (reply.sequenceStatus === NFS4ERR_BADSESSION || (reply.statusFlags & EXPIRED) !== 0);
}

function outcomeOf({ reply }: Call): string {
  if (reply === null || reply.slotStatus === NO_STATUS) return "no answer was seen";
  const flags = reply.statusFlags & EXPIRED;
  if (flags !== 0) return sequenceStatusFlagNames(flags).join(", ");
  return reply.sequenceStatus === NFS4_OK ? "the server had kept its state" : statusName(reply.slotStatus);
}
