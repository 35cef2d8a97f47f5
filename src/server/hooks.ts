import type { CREATE_SESSION4args, CREATE_SESSION4resok, SEQUENCE4resok } from "../nfs4/ops/session.ts";
import type { SequencedRequest } from "../session/cached-slot.ts";
import type { SlotAnswer } from "../session/slot-table.ts";
import type { CallbackAnswer } from "./back-channel.ts";
import type { CallbackMessage } from "./callback-message.ts";
import type { ReplyLimits } from "./sequence.ts";
import type { ServedSession } from "./served-session.ts";

/** A SEQUENCE as it was asked. */
export interface AskedSequence {
  readonly session: ServedSession;
  readonly slotId: number;
  readonly seq: number;
  readonly request: SequencedRequest;
}

/** A reply on its way to a client. */
export interface Outgoing {
  readonly connection: number;
  /** The record, with its mark. */
  readonly record: Uint8Array;
}

/**
 * Where a server can be made to misbehave. A healthy one has none of these; each of its faults brings some.
 */
export interface Hooks {
  /** What the slot table makes of a SEQUENCE. */
  judged?(answer: SlotAnswer<Uint8Array>, asked: AskedSequence): SlotAnswer<Uint8Array>;
  /** SEQUENCE failed with this status, whatever found it wrong. */
  refused?(asked: AskedSequence, status: number): void;
  /** The status for a session that does not exist. */
  unknownSession?(status: number): number;
  /** Which limit a new request breaks: the status, NFS4_OK for none. */
  limited?(status: number): number;
  /** How long a reply may get. */
  bounded?(limits: ReplyLimits): ReplyLimits;
  /** The SEQUENCE result of a new request. */
  sequenced?(result: SEQUENCE4resok, session: ServedSession): SEQUENCE4resok;
  /** A reply from the cache. */
  replayed?(body: Uint8Array): Uint8Array;
  /** The status of the second operation of a retry whose reply was not kept. */
  uncachedStatus?(status: number): number;
  /** The outcome of a CREATE_SESSION that succeeded. */
  created?(result: CREATE_SESSION4resok, args: CREATE_SESSION4args, session: ServedSession): CREATE_SESSION4resok;
  /** A reply about to leave; null keeps it back. `others` are the other open connections. */
  replying?(reply: Outgoing, isRetry: boolean, others: readonly number[]): Outgoing | null;
  /** A callback about to leave; the first answer to any of these counts. */
  calling?(message: CallbackMessage, session: ServedSession): readonly CallbackMessage[];
  /** A callback was answered. */
  called?(message: CallbackMessage, answer: CallbackAnswer, session: ServedSession): void;
}

/** Many hooks as one: each gets what the one before it made. */
export function chained(all: readonly Hooks[]): Hooks {
  if (all.length === 0) return {};
  if (all.length === 1) return all[0] as Hooks;
  return {
    judged: (answer, asked) => all.reduce((now, hooks) => hooks.judged?.(now, asked) ?? now, answer),
    refused: (asked, status) => {
      for (const hooks of all) hooks.refused?.(asked, status);
    },
    unknownSession: (status) => all.reduce((now, hooks) => hooks.unknownSession?.(now) ?? now, status),
    limited: (status) => all.reduce((now, hooks) => hooks.limited?.(now) ?? now, status),
    bounded: (limits) => all.reduce((now, hooks) => hooks.bounded?.(now) ?? now, limits),
    sequenced: (result, session) => all.reduce((now, hooks) => hooks.sequenced?.(now, session) ?? now, result),
    replayed: (body) => all.reduce((now, hooks) => hooks.replayed?.(now) ?? now, body),
    uncachedStatus: (status) => all.reduce((now, hooks) => hooks.uncachedStatus?.(now) ?? now, status),
    created: (result, args, session) => all.reduce((now, hooks) => hooks.created?.(now, args, session) ?? now, result),
    replying: (reply, isRetry, others) =>
      all.reduce<Outgoing | null>(
        (now, hooks) => (now === null || hooks.replying === undefined ? now : hooks.replying(now, isRetry, others)),
        reply,
      ),
    calling: (message, session) =>
      all.reduce<readonly CallbackMessage[]>(
        (now, hooks) => now.flatMap((each) => hooks.calling?.(each, session) ?? [each]),
        [message],
      ),
    called: (message, answer, session) => {
      for (const hooks of all) hooks.called?.(message, answer, session);
    },
  };
}
