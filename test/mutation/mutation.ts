import { integer, pick, random } from "../support/random.ts";
import { Draft } from "./draft.ts";
import { changedCall, changedReply } from "./edits.ts";
import type { SlotExchange, Slots } from "./slot-exchanges.ts";
import type { Message, Traffic } from "./traffic.ts";

/** What has to be found, and nothing else that blames anybody for more than a curiosity. */
export interface Expected {
  readonly rule: string;
  readonly slot: number | null;
  /** Their frames must be among the finding's. */
  readonly messages: readonly Message[];
}

/** A healthy capture, and the place where it is to be changed. */
export interface Site {
  readonly draft: Draft;
  readonly slots: Slots;
  readonly exchange: SlotExchange;
  readonly next: () => number;
}

/** Changes one exchange; null where that cannot be done. */
export type Kind = (site: Site) => readonly Expected[] | null;

export interface Mutation {
  readonly traffic: Traffic;
  readonly expected: readonly Expected[];
}

const ATTEMPTS = 200;

/** The capture with one exchange changed, drawn anew until there is one to which it can be done; null if there is none. */
export function mutate(kind: Kind, traffic: Traffic, slots: Slots, next: () => number): Mutation | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draft = new Draft(traffic);
    const expected = kind({ draft, slots, exchange: pick(next, slots.exchanges), next });
    if (expected !== null) return { traffic: draft.traffic, expected };
  }
  return null;
}

/** Those of the captures to which it can be done. */
export function placesFor<T extends { traffic: Traffic; slots: Slots }>(kind: Kind, captures: readonly T[]): T[] {
  return captures.filter(({ traffic, slots }) => mutate(kind, traffic, slots, random(0)) !== null);
}

export function expected(rule: string, slot: number | null, ...messages: readonly Message[]): Expected {
  return { rule, slot, messages };
}

/** An xid that no client used. */
export function newXid({ next }: Site): number {
  return integer(next, 0xbeef_0000, 0xbeef_ffff);
}

/** The session's CREATE_SESSION is in the capture, and so is what the slot stands at from its first use on. */
export function isCreated({ slots }: Site, { sessionId }: SlotExchange): boolean {
  return slots.creations.some(({ reply }) => reply !== null && holds(reply.bytes, sessionId));
}

function holds(bytes: Uint8Array, sessionId: string): boolean {
  return Buffer.from(bytes).includes(Buffer.from(sessionId, "hex"));
}

/** No other exchange of the connection was under way while this one was. */
export function isAlone({ slots }: Site, exchange: SlotExchange): boolean {
  const { call, sentAt, answeredAt } = exchange;
  return slots.exchanges.every(
    (other) =>
      other === exchange || other.call.link !== call.link || other.sentAt > answeredAt || other.answeredAt < sentAt,
  );
}

/** Sequence ids of the slot from this exchange on change by so much, in calls and replies. */
export function renumber({ draft }: Site, exchange: SlotExchange | null, by: number): void {
  for (let each = exchange; each !== null; each = each.next) {
    const seq = each.seq + by;
    draft.replace(each.call, changedCall(each.call, { seq }));
    draft.replace(each.reply, changedReply(each.reply, { seq }));
  }
}

export function isSameBytes(bytes: Uint8Array, others: Uint8Array): boolean {
  return Buffer.compare(bytes, others) === 0;
}
