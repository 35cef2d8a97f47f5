import { NFS4ERR_BADSLOT, NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { integer, pick } from "../support/random.ts";
import { changedCall, changedReply, refusal } from "./edits.ts";
import { type Expected, expected, isCreated, isSameBytes, type Kind, newXid, renumber, type Site } from "./mutation.ts";
import type { SlotExchange } from "./slot-exchanges.ts";

/** Longer than any message takes: what came before is known to both sides. */
const LATER_NANOS = 20e6;
/** A slot far beyond every table. */
const FAR_SLOT = 5000;

/** The client tries a sequence id before the right one, and is told off. */
function refusedBefore(site: Site, rule: string, changes: { seq?: number; slot?: number }, status: number): Expected[] {
  const { draft, exchange } = site;
  const xid = newXid(site);
  const highest = changes.slot === undefined ? {} : { highest: Math.max(changes.slot, exchange.slot) };
  const call = changedCall(exchange.call, { ...changes, ...highest, xid });
  const reply = refusal(exchange.reply, status, { xid });
  draft.insertBefore(exchange.call, [call, reply], LATER_NANOS);
  return [expected(rule, changes.slot ?? exchange.slot, call, reply)];
}

/** The exchange is renumbered and so is all that follows on its slot: the server goes along. */
function acceptedAs(site: Site, rule: string, by: number): Expected[] {
  const { draft, exchange } = site;
  const seq = exchange.seq + by;
  const call = draft.replace(exchange.call, changedCall(exchange.call, { seq }));
  const reply = draft.replace(exchange.reply, changedReply(exchange.reply, { seq }));
  renumber(site, exchange.next, by);
  return [expected(rule, exchange.slot, call, reply)];
}

/** Calls on the slot before this one. */
function depth(exchange: SlotExchange): number {
  let count = 0;
  for (let each = exchange.previous; each !== null && count < 8; each = each.previous) count++;
  return count;
}

/** Where a slot of the exchange's session stands when the exchange is sent; null when it is busy. */
function standing({ slots }: Site, { sessionId, sentAt }: SlotExchange, slot: number): SlotExchange | "unused" | null {
  const earlier = slots.exchanges.filter((each) => {
    return each.sessionId === sessionId && each.slot === slot && each.sentAt <= sentAt;
  });
  const last = earlier.at(-1);
  if (last === undefined) return "unused";
  return last.answeredAt < sentAt ? last : null;
}

export const sequenceKinds: Readonly<Record<string, Kind>> = {
  "one ahead, refused"(site) {
    const { seq, previous } = site.exchange;
    return previous && refusedBefore(site, "seq-gap", { seq: seq + 1 }, NFS4ERR_SEQ_MISORDERED);
  },

  "two or more ahead, refused"(site) {
    const { seq, previous } = site.exchange;
    const by = pick(site.next, [2, 3, 1000, 0x7000_0000]);
    return previous && refusedBefore(site, "seq-gap", { seq: seq + by }, NFS4ERR_SEQ_MISORDERED);
  },

  "ahead, accepted"(site) {
    const { exchange, next } = site;
    if (exchange.previous === null) return null;
    // What was not seen from its beginning may have other connections.
    const rule = isCreated(site, exchange) ? "server-accepted-misordered" : "capture-missed-requests";
    return acceptedAs(site, rule, pick(next, [1, 2, 7]));
  },

  "behind, refused"(site) {
    const { seq, previous } = site.exchange;
    if (previous === null || seq < 3) return null;
    return refusedBefore(site, "seq-behind", { seq: seq - pick(site.next, [2, 3]) }, NFS4ERR_SEQ_MISORDERED);
  },

  "behind, accepted"(site) {
    const { exchange } = site;
    const isKnown = isCreated(site, exchange) ? exchange.previous !== null : depth(exchange) > 4;
    if (!isKnown || exchange.seq < 4) return null;
    return acceptedAs(site, "server-accepted-misordered", -2);
  },

  "the last one again, with another request, refused"(site) {
    const { exchange } = site;
    const { previous, seq } = exchange;
    if (previous === null || isSameBytes(previous.request, exchange.request)) return null;
    const [found] = refusedBefore(site, "false-retry", { seq: seq - 1 }, NFS4ERR_SEQ_FALSE_RETRY);
    return [expected("false-retry", exchange.slot, previous.call, previous.reply, ...found!.messages)];
  },

  "a first sequence id other than 1"(site) {
    const { exchange, next } = site;
    if (exchange.previous !== null || !isCreated(site, exchange)) return null;
    return refusedBefore(site, "seq-first-not-one", { seq: integer(next, 2, 99) }, NFS4ERR_SEQ_MISORDERED);
  },

  "a first sequence id of 0"(site) {
    const { exchange } = site;
    if (exchange.previous !== null || !isCreated(site, exchange)) return null;
    return refusedBefore(site, "seqid-zero-first", { seq: 0 }, NFS4ERR_SEQ_MISORDERED);
  },

  "on another slot, refused"(site) {
    const { exchange, next } = site;
    const { seq } = exchange;
    if (!isCreated(site, exchange)) return null;
    const slot = pick(next, [0, 1, 2, 3, 4, 5]);
    const last = slot === exchange.slot ? null : standing(site, exchange, slot);
    if (last === null) return null;
    if (last === "unused") {
      return seq < 2 ? null : refusedBefore(site, "seq-first-not-one", { slot }, NFS4ERR_SEQ_MISORDERED);
    }
    const distance = seq - last.seq;
    if (distance === 1 || distance === 0) return null;
    return refusedBefore(site, distance > 0 ? "seq-gap" : "seq-behind", { slot }, NFS4ERR_SEQ_MISORDERED);
  },

  "on a slot beyond the table"(site) {
    if (!isCreated(site, site.exchange)) return null;
    return refusedBefore(site, "slot-beyond-table", { slot: FAR_SLOT, seq: 1 }, NFS4ERR_BADSLOT);
  },

  "right, but refused"(site) {
    const { exchange, next } = site;
    if (exchange.previous === null && !isCreated(site, exchange)) return null;
    const status = pick(next, [NFS4ERR_SEQ_MISORDERED, NFS4ERR_SEQ_FALSE_RETRY]);
    return refusedBefore(site, "server-rejected-valid", {}, status);
  },
};
