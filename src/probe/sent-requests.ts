import type { OperationValue } from "../nfs4/compound-writer.ts";
import { SEQUENCE4args } from "../nfs4/ops/session.ts";
import { sessionIdText } from "../session/session-id.ts";

/** Requests of one client that are remembered. */
const SENT_MAX = 65_536;

/** Which requests a probe's client sent, by session, slot and sequence id: what a callback may refer to. RFC 8881 §2.10.6.3 */
export class SentRequests {
  readonly #sent = new Set<string>();

  observe([first]: readonly OperationValue[]): void {
    if (first?.operation.args !== SEQUENCE4args || this.#isFull) return;
    const { sa_sessionid, sa_slotid, sa_sequenceid } = first.value as SEQUENCE4args;
    this.#sent.add(keyOf(sa_sessionid, sa_slotid, sa_sequenceid));
  }

  /** False when no such request was sent; true when it may have been. */
  mayHave(sessionId: Uint8Array, slot: number, seq: number): boolean {
    return this.#isFull || this.#sent.has(keyOf(sessionId, slot, seq));
  }

  get #isFull(): boolean {
    return this.#sent.size >= SENT_MAX;
  }
}

function keyOf(sessionId: Uint8Array, slot: number, seq: number): string {
  return `${sessionIdText(sessionId)} ${slot} ${seq}`;
}
