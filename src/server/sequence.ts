import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_TOO_MANY_OPS,
  OP_BIND_CONN_TO_SESSION,
} from "../nfs4/constants.ts";
import type { SEQUENCE4args, SEQUENCE4resok } from "../nfs4/ops/session.ts";
import type { SlotAnswer } from "../session/slot-table.ts";
import type { CompoundCall } from "./compound-call.ts";
import type { LeadingSequence, Services } from "./context.ts";
import type { AskedSequence } from "./hooks.ts";
import type { ServedSession } from "./served-session.ts";
import { statusFlags } from "./status-flags.ts";

/** RPC header, status, tag, count, and the results of SEQUENCE and of an operation that fails. */
const LEAST_REPLY_BYTES = 128;

/** What a SEQUENCE comes to. */
export type Admission =
  | { readonly kind: "refused"; readonly status: number }
  /** A retry whose reply was kept: COMPOUND4res. */
  | { readonly kind: "replay"; readonly body: Uint8Array }
  /** A retry whose reply was not kept: only SEQUENCE can be answered again. RFC 8881 §2.10.6.1.3 */
  | { readonly kind: "uncached"; readonly result: SEQUENCE4resok }
  | {
      readonly kind: "new";
      readonly result: SEQUENCE4resok;
      readonly sequence: LeadingSequence;
      readonly limits: ReplyLimits;
    };

/** How long the reply may get, as an RPC message. */
export interface ReplyLimits {
  readonly bytes: number;
  /** What to say beyond. */
  readonly status: number;
}

/** Judges the SEQUENCE of a compound and, when it is a new request, takes its slot. RFC 8881 §18.46.3 */
export function admit(services: Services, call: CompoundCall, args: SEQUENCE4args): Admission {
  const { registry, hooks } = services;
  const session = registry.find(args.sa_sessionid);
  // A session belongs to the minor version that made it. RFC 8881 §2.7, item 13
  if (session === null || session.model.record.minorVersion !== call.minorVersion) {
    return { kind: "refused", status: hooks.unknownSession?.(NFS4ERR_BADSESSION) ?? NFS4ERR_BADSESSION };
  }
  const asked: AskedSequence = {
    session,
    slotId: args.sa_slotid,
    seq: args.sa_sequenceid,
    request: {
      fingerprint: call.fingerprint,
      principal: call.user.principal,
      cachethis: args.sa_cachethis,
      highest: args.sa_highest_slotid,
    },
  };
  const admission = judge(services, call, asked);
  if (admission.kind === "refused") hooks.refused?.(asked, admission.status);
  return admission;
}

function judge(services: Services, call: CompoundCall, asked: AskedSequence): Admission {
  const { hooks } = services;
  const { session, slotId, seq, request } = asked;
  const { connections, fore } = session.model;
  const isEnforced = session.client.properties.stateProtect.mustEnforce.has(OP_BIND_CONN_TO_SESSION);
  const bound = connections.admits(call.connection, isEnforced);
  if (bound !== NFS4_OK) return { kind: "refused", status: bound };
  const judged = fore.validateSequence(slotId, seq, request);
  const answer = hooks.judged?.(judged, asked) ?? judged;
  if (answer.status !== NFS4_OK) return { kind: "refused", status: answer.status };
  if (answer.verdict !== "new") return replay(services, call, asked, answer);
  const granted = replyLimits(session, request.cachethis);
  const limits = hooks.bounded?.(granted) ?? granted;
  const broken = excess(session, call, limits);
  const status = hooks.limited?.(broken) ?? broken;
  if (status !== NFS4_OK) return { kind: "refused", status };
  fore.markSlotInUse(slotId, seq, request);
  touch(services, session, call.connection);
  const sequence = { session, client: session.client, slotId, seq, cachethis: request.cachethis };
  return { kind: "new", sequence, limits, result: result(services, asked) };
}

function replay(
  services: Services,
  call: CompoundCall,
  asked: AskedSequence,
  { cached }: SlotAnswer<Uint8Array>,
): Admission {
  touch(services, asked.session, call.connection);
  // Highest slots and status flags of a kept reply MAY be as they were. RFC 8881 §2.10.6.1.1
  if (cached?.kind === "full") {
    return { kind: "replay", body: services.hooks.replayed?.(cached.reply) ?? cached.reply };
  }
  return { kind: "uncached", result: result(services, asked) };
}

/** A SEQUENCE that succeeds, a replay too, renews the lease and binds its connection. RFC 8881 §8.3, §2.10.3.1 */
function touch({ registry, timers }: Services, session: ServedSession, connection: number): void {
  const now = timers.nowNanos();
  session.client.lease.renew(now);
  session.model.lastActivity = now;
  session.model.connections.bindOnSuccess(connection, now);
  registry.associate(connection, session);
}

function replyLimits({ model }: ServedSession, cachethis: boolean): ReplyLimits {
  const { maxResponseSize, maxResponseSizeCached } = model.record.fore.granted;
  return cachethis && maxResponseSizeCached < maxResponseSize
    ? { bytes: maxResponseSizeCached, status: NFS4ERR_REP_TOO_BIG_TO_CACHE }
    : { bytes: maxResponseSize, status: NFS4ERR_REP_TOO_BIG };
}

/** Limits that a new request breaks at once. The slot stays as it is: it may come again, smaller. RFC 8881 §2.10.6.4 */
function excess({ model }: ServedSession, call: CompoundCall, limits: ReplyLimits): number {
  const { maxRequestSize, maxOperations } = model.record.fore.granted;
  if (call.declaredOps > maxOperations) return NFS4ERR_TOO_MANY_OPS;
  if (call.message.length > maxRequestSize) return NFS4ERR_REQ_TOO_BIG;
  return call.tag.length + LEAST_REPLY_BYTES > limits.bytes ? limits.status : NFS4_OK;
}

function result(services: Services, { session, slotId, seq }: AskedSequence): SEQUENCE4resok {
  const { fore, record } = session.model;
  const made = {
    sr_sessionid: record.id,
    sr_sequenceid: seq,
    sr_slotid: slotId,
    sr_highest_slotid: fore.enforcedHighest,
    sr_target_highest_slotid: fore.targetHighest,
    sr_status_flags: statusFlags(services, session),
  };
  return services.hooks.sequenced?.(made, session) ?? made;
}
