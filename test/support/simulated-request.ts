import type { Connection, Sent, Session, Step } from "./scenario.ts";
import { MUST_CACHE } from "./simulated-work.ts";

/** A slot as the client keeps it. */
export interface ClientSlot {
  readonly id: number;
  lastSeq: number;
  request: Request | null;
  /** Taken away by a lower sr_highest_slotid. */
  isTaken: boolean;
}

/** A request, through all its transmissions. */
export interface Request {
  readonly steps: readonly Step[];
  readonly cachethis: boolean;
  readonly uid: number;
  session: Session;
  slot: ClientSlot;
  seq: number;
  /** sa_highest_slotid. */
  highest: number;
  connection: Connection;
  sent: Sent | null;
  /** Counts transmissions, and what made their answers void. */
  attempt: number;
  /** On its way; refused for now; or on its way when its connection ended. */
  state: "sent" | "delayed" | "interrupted";
  /** It was interrupted once: its reply may be a copy, whose limits say nothing. RFC 8881 §2.10.6.1.1 */
  isRetry: boolean;
  /** Statuses that the server decided on, and when; null before. */
  statuses: readonly number[] | null;
  doneAt: number;
  /** sr_status_flags of the reply. */
  flags: number;
}

export function isReclaimComplete({ steps }: Pick<Request, "steps">): boolean {
  return steps[0]?.name === "RECLAIM_COMPLETE";
}

/** A request that has no slot yet. */
export type Draft = Omit<Request, "slot">;

export function draft(steps: readonly Step[], session: Session, connection: Connection, uid: number): Draft {
  return {
    steps,
    cachethis: steps.some(({ name }) => MUST_CACHE.has(name)),
    uid,
    session,
    seq: 0,
    highest: 0,
    connection,
    sent: null,
    attempt: 0,
    state: "sent",
    isRetry: false,
    statuses: null,
    doneAt: 0,
    flags: 0,
  };
}
