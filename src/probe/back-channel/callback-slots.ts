import { NFS4_OK } from "../../nfs4/constants.ts";
import type { CB_SEQUENCE4args } from "../../nfs4/ops/callback-session.ts";
import type { CallbackDecision, ReceivedCallback } from "../../requester/callback-replier.ts";
import type { RpcConnection } from "../../requester/rpc-connection.ts";
import { sessionIdText } from "../../session/session-id.ts";
import { nextSeq } from "../../session/slot.ts";

/** Slots of back channels that are followed. */
const SLOTS_MAX = 4096;

/** The last callback of a slot that counted. */
interface LastCallback {
  readonly seq: number;
  readonly fingerprint: number;
  readonly connection: RpcConnection;
  readonly isAnswered: boolean;
}

/** Follows the slots of back channels as their replier does, and says when the server leaves the order. RFC 8881 §20.9.3 */
export class CallbackSlots {
  readonly #last = new Map<string, LastCallback>();

  /** What is wrong with the slot and sequence id of a callback, in words; null for nothing. */
  fault(sequence: CB_SEQUENCE4args, { connection, message }: ReceivedCallback): string | null {
    const { csa_slotid: slot, csa_sequenceid: seq } = sequence;
    const last = this.#last.get(keyOf(sequence));
    const next = nextSeq(last?.seq ?? 0);
    if (seq === next) {
      return last === undefined || last.isAnswered
        ? null
        : `sequence id ${seq} of slot ${slot} though ${last.seq} was not answered`;
    }
    if (last === undefined || seq !== last.seq) return `sequence id ${seq} of slot ${slot}, where ${next} is next`;
    if (message?.fingerprint !== last.fingerprint) return `another callback under sequence id ${seq} of slot ${slot}`;
    // Only a lost connection calls for a retry. RFC 8881 §2.10.6.2
    const isWaiting = last.connection.isOpen && connection.isOpen;
    return isWaiting ? `sequence id ${seq} of slot ${slot} again though the connection lives` : null;
  }

  /** A callback was decided on. */
  decided(sequence: CB_SEQUENCE4args, { connection, message }: ReceivedCallback, decision: CallbackDecision): void {
    // "If CB_SEQUENCE returns an error, then the state of the slot … MUST NOT change." RFC 8881 §20.9.3
    if (typeof decision === "object" && "sequenceStatus" in decision && decision.sequenceStatus !== NFS4_OK) return;
    const key = keyOf(sequence);
    if (!this.#last.has(key) && this.#last.size >= SLOTS_MAX) return;
    const { csa_sequenceid: seq } = sequence;
    const isAnswered = decision !== "ignore";
    this.#last.set(key, { seq, fingerprint: message?.fingerprint ?? 0, connection, isAnswered });
  }
}

function keyOf({ csa_sessionid, csa_slotid }: CB_SEQUENCE4args): string {
  return `${sessionIdText(csa_sessionid)} ${csa_slotid}`;
}
