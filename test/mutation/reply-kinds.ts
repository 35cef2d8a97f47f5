import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import { NFS4_OK, NFS4ERR_IO, NFS4ERR_SEQUENCE_POS } from "../../src/nfs4/constants.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import { integer, pick } from "../support/random.ts";
import { changedCall, changedReply } from "./edits.ts";
import { type Expected, expected, isSameBytes, type Kind, type Site } from "./mutation.ts";

const SEQUENCE = operationNamed("SEQUENCE")!;
const LOOKUPP = operationNamed("LOOKUPP")!;
const OPERATIONS_MAX = 8;
const HASTE_NANOS = 50e6;
const PATIENCE_NANOS = 60e9;

function misanswered(site: Site, rule: string, changes: Parameters<typeof changedReply>[1]): Expected[] {
  const { draft, exchange } = site;
  const reply = draft.replace(exchange.reply, changedReply(exchange.reply, changes));
  return [expected(rule, exchange.slot, exchange.call, reply)];
}

export const replyKinds: Readonly<Record<string, Kind>> = {
  "answered for another session": (site) => misanswered(site, "reply-session-mismatch", { session: "ee".repeat(16) }),

  "answered for another sequence id": (site) =>
    misanswered(site, "reply-seqid-mismatch", { seq: site.exchange.seq + pick(site.next, [-1, 1, 2]) }),

  "answered for another slot": (site) =>
    misanswered(site, "reply-slot-mismatch", { slot: site.exchange.slot + integer(site.next, 1, 4) }),

  "a status that is not the last result's"(site) {
    const { statuses } = site.exchange;
    const status = statuses.at(-1) === NFS4_OK ? NFS4ERR_IO : NFS4_OK;
    return misanswered(site, "compound-status-mismatch", { status });
  },

  "a result of another operation"(site) {
    const { statuses } = site.exchange;
    const last = statuses.length - 1;
    if (last < 1 || statuses[last] !== NFS4_OK) return null;
    const wrong = { operation: LOOKUPP, value: { status: NFS4_OK } };
    return misanswered(site, "reply-op-mismatch", { operations: (all) => all.with(last, wrong) });
  },

  "two replies swapped, one slot"(site) {
    const { draft, exchange } = site;
    const { next } = exchange;
    if (next === null || next.call.link !== exchange.call.link) return null;
    if (!isSameBytes(exchange.request, next.request) && exchange.operations.length !== next.operations.length)
      return null;
    if (exchange.operations.some((operation, i) => operation !== next.operations[i])) return null;
    const first = draft.replace(exchange.reply, { bytes: withXidOf(next.reply.bytes, exchange.reply.bytes) });
    draft.replace(next.reply, { bytes: withXidOf(exchange.reply.bytes, next.reply.bytes) });
    return [expected("reply-seqid-mismatch", exchange.slot, exchange.call, first)];
  },

  "two replies swapped, two slots"(site) {
    const { draft, exchange, slots } = site;
    const { call, sentAt, answeredAt, slot } = exchange;
    const other = slots.exchanges.find(
      (each) =>
        each.call.link === call.link && each.slot > slot && each.sentAt < answeredAt && each.answeredAt > sentAt,
    );
    if (other === undefined || other.sessionId !== exchange.sessionId) return null;
    const first = draft.replace(exchange.reply, { bytes: withXidOf(other.reply.bytes, exchange.reply.bytes) });
    const second = draft.replace(other.reply, { bytes: withXidOf(exchange.reply.bytes, other.reply.bytes) });
    return [
      expected("reply-slot-mismatch", slot, call, first),
      expected("reply-slot-mismatch", other.slot, other.call, second),
    ];
  },

  "answered on another connection"(site) {
    const { draft, exchange, slots } = site;
    const { link } = exchange.call;
    const other = slots.exchanges.find((each) => each.call.link !== link && each.sessionId === exchange.sessionId);
    if (other === undefined || other.sentAt > exchange.sentAt) return null;
    const reply = draft.replace(exchange.reply, { link: other.call.link });
    return [expected("reply-wrong-connection", exchange.slot, exchange.call, reply)];
  },

  "answered twice"(site) {
    const { draft, exchange } = site;
    const again = { ...exchange.reply };
    draft.insertAfter(exchange.reply, [again]);
    return [expected("duplicate-reply", exchange.slot, exchange.call, exchange.reply, again)];
  },

  "a reply that never came"(site) {
    const { draft, exchange, slots } = site;
    const { next, call, sentAt } = exchange;
    if (next === null || next.call.link !== call.link) return null;
    // Who uses other slots meanwhile understates the highest one in use.
    const isAmidOthers = slots.exchanges.some(
      (other) => other.slot !== exchange.slot && other.sentAt > sentAt + HASTE_NANOS && other.sentAt < next.sentAt,
    );
    if (isAmidOthers) return null;
    draft.remove(exchange.reply);
    const lastAt = Math.max(
      ...slots.exchanges.filter((each) => each.call.link === call.link).map((each) => each.answeredAt),
    );
    const found = [expected("slot-reuse-while-outstanding", exchange.slot, call, next.call)];
    if (lastAt - sentAt > PATIENCE_NANOS) found.push(expected("silent-drop", exchange.slot, call));
    return found;
  },

  "SEQUENCE a second time"(site) {
    const { draft, exchange } = site;
    const { statuses, operations } = exchange;
    if (statuses.at(-1) !== NFS4_OK || operations.length >= OPERATIONS_MAX || statuses.length < operations.length)
      return null;
    const call = draft.replace(
      exchange.call,
      changedCall(exchange.call, { operations: (all) => [...all, { operation: SEQUENCE, value: all[0]!.value }] }),
    );
    const refused = { operation: SEQUENCE, value: { sr_status: NFS4ERR_SEQUENCE_POS } };
    const changes = { status: NFS4ERR_SEQUENCE_POS, operations: (all: readonly OperationValue[]) => [...all, refused] };
    const reply = draft.replace(exchange.reply, changedReply(exchange.reply, changes));
    return [expected("sequence-not-first", exchange.slot, call, reply)];
  },
};

function withXidOf(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed.set(other.subarray(0, 4));
  return changed;
}
