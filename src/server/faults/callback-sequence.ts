import { NFS4_OK, NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import type { CallbackMessage } from "../callback-message.ts";
import type { ServedSession } from "../served-session.ts";
import type { Fault } from "./fault.ts";

/** How far the sequence ids on the wire are from the right ones, by session and slot. */
class Drift {
  readonly #by = new Map<string, number>();

  applied(message: CallbackMessage, session: ServedSession): CallbackMessage {
    const drift = this.#by.get(keyOf(message, session)) ?? 0;
    return withSeq(message, message.sequence.csa_sequenceid + drift);
  }

  add(message: CallbackMessage, session: ServedSession, count: number): void {
    const key = keyOf(message, session);
    this.#by.set(key, (this.#by.get(key) ?? 0) + count);
  }
}

function keyOf({ sequence }: CallbackMessage, { model }: ServedSession): string {
  return `${model.key} ${sequence.csa_slotid}`;
}

function withSeq(message: CallbackMessage, seq: number): CallbackMessage {
  return { ...message, sequence: { ...message.sequence, csa_sequenceid: seq >>> 0 } };
}

/** What a server must not do with the sequence ids of callbacks. RFC 8881 §20.9.3, §2.10.13.2.4 */
export const callbackSequenceFaults: readonly Fault[] = [
  {
    id: "backchannel-error-moved-slot",
    does: "goes on to the next sequence id after CB_SEQUENCE failed",
    probes: ["cb-error-slot"],
    hooks() {
      const drift = new Drift();
      return {
        calling: (message, session) => [drift.applied(message, session)],
        called(message, { sequenceStatus }, session) {
          if (sequenceStatus !== NFS4_OK) drift.add(message, session, 1);
        },
      };
    },
  },
  {
    id: "backchannel-delay-resent-same-slot",
    does: "sends a callback that was put off at a later operation again under its old sequence id",
    probes: ["cb-error-slot"],
    hooks() {
      const drift = new Drift();
      return {
        calling: (message, session) => [drift.applied(message, session)],
        called(message, { sequenceStatus, status }, session) {
          if (sequenceStatus === NFS4_OK && status === NFS4ERR_DELAY) drift.add(message, session, -1);
        },
      };
    },
  },
  {
    id: "backchannel-retry-new-seq",
    does: "sends a callback that was cut off again under a new sequence id",
    probes: ["cb-retry", "cb-error-slot"],
    hooks() {
      const drift = new Drift();
      /** Sequence ids that the slots sent last, before any drift. */
      const sent = new Map<string, number>();
      return {
        calling(message, session) {
          const key = keyOf(message, session);
          const seq = message.sequence.csa_sequenceid;
          if (sent.get(key) === seq) drift.add(message, session, 1);
          sent.set(key, seq);
          return [drift.applied(message, session)];
        },
      };
    },
  },
  {
    id: "backchannel-seq-reset",
    does: "begins anew at sequence id 1 after two callbacks",
    probes: ["cb-error-slot"],
    hooks: () => ({
      calling: (message) => [message.sequence.csa_sequenceid > 2 ? withSeq(message, 1) : message],
    }),
  },
];
