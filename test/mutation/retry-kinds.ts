import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import {
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_NOENT,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_SERVERFAULT,
  OP_REMOVE,
} from "../../src/nfs4/constants.ts";
import { operationNamed, operationOf } from "../../src/nfs4/op-table.ts";
import { integer, pick } from "../support/random.ts";
import { changedCall, changedReply, decoded, failed, refusal, uidOf } from "./edits.ts";
import { type Expected, expected, isAlone, isSameBytes, type Kind, newXid, type Site } from "./mutation.ts";
import type { Link, Message } from "./traffic.ts";

/** Longer than any message takes. */
const LATER_NANOS = 25e6;
const ONE_UID = 1000;
const OTHER_UID = 4711;

/** Nothing else is lost with the connection. A new one is not bound to the back channel. RFC 8881 §2.10.3.1 */
function mayReconnect(site: Site): boolean {
  const { link } = site.exchange.call;
  return isAlone(site, site.exchange) && site.slots.callbacks.every(({ call }) => call.link !== link);
}

/** The request once more after its reply, answered somehow. */
function again(site: Site, call: Message, reply: Message): Message[] {
  const { draft, exchange } = site;
  draft.insertAfter(exchange.reply, [call, reply], LATER_NANOS);
  return [exchange.call, exchange.reply, call, reply];
}

/** The call that is to be sent again by another: root may be the same user squashed, anybody else is not. */
function twoUsers({ draft, exchange, next }: Site): { call: Message } | null {
  if (uidOf(exchange.call) === null) return null;
  if (next() < 0.5) return { call: exchange.call };
  return { call: draft.replace(exchange.call, changedCall(exchange.call, { uid: ONE_UID })) };
}

function againBy(site: Site, first: Message, call: Message, reply: Message): Message[] {
  again(site, call, reply);
  return [first, site.exchange.reply, call, reply];
}

/** What the client is told off for by sending it. */
function retryRule({ exchange }: Site): string {
  return exchange.statuses.at(-1) === NFS4ERR_DELAY ? "delay-resent-same-slot" : "retry-after-reply";
}

/** The same xid, or a new one: both are allowed. */
function anyXid(site: Site): number {
  return site.next() < 0.5 ? newXid(site) : decoded(site.exchange.call, "call").rpc.xid;
}

function anotherLink({ next }: Site, link: Link): Link {
  const host = link.ends[0].slice(0, link.ends[0].lastIndexOf(":"));
  return { ends: [`${host}:${integer(next, 40_000, 60_000)}`, link.ends[1]], hasHandshake: true };
}

/** SEQUENCE again, and an error of the second operation: how a reply that was not kept is told. */
function uncached(reply: Message, operations: readonly number[], xid: number): Message | null {
  const second = failed(operationOf(operations[1] ?? -1) ?? operationNamed("ILLEGAL")!, NFS4ERR_RETRY_UNCACHED_REP);
  if (operations.length < 2 || second === null) return null;
  const change = (all: readonly OperationValue[]) => [all[0]!, second];
  return changedReply(reply, { xid, status: NFS4ERR_RETRY_UNCACHED_REP, operations: change });
}

/** The call with another filehandle. */
function withOtherArguments(call: Message, xid: number): Message | null {
  const { operations } = decoded(call, "call");
  const index = operations.findIndex(({ operation }) => operation.name === "PUTFH");
  if (index < 0) return null;
  const { operation, value } = operations[index]!;
  const object = (value as { object: Uint8Array }).object.slice();
  object[object.length - 1]! ^= 0x55;
  return changedCall(call, { xid, operations: (all) => all.with(index, { operation, value: { object } }) });
}

export const retryKinds: Readonly<Record<string, Kind>> = {
  "sent again after its reply, answered alike"(site) {
    const { exchange } = site;
    const xid = anyXid(site);
    const all = again(site, changedCall(exchange.call, { xid }), changedReply(exchange.reply, { xid }));
    return [expected(retryRule(site), exchange.slot, ...all)];
  },

  "sent again after its reply, which was not kept"(site) {
    const { exchange } = site;
    const { cachethis, operations, slot } = exchange;
    const xid = anyXid(site);
    const reply = uncached(exchange.reply, operations, xid);
    if (reply === null) return null;
    const all = again(site, changedCall(exchange.call, { xid }), reply);
    const found = [expected(retryRule(site), slot, ...all)];
    if (cachethis) found.push(expected("cached-reply-lost", slot, ...all));
    return found;
  },

  "sent again after its reply, RETRY_UNCACHED_REP on SEQUENCE"(site) {
    const { exchange } = site;
    const xid = anyXid(site);
    const reply = refusal(exchange.reply, NFS4ERR_RETRY_UNCACHED_REP, { xid });
    const all = again(site, changedCall(exchange.call, { xid }), reply);
    return [
      expected(retryRule(site), exchange.slot, ...all),
      expected("retry-uncached-on-sequence", exchange.slot, ...all.slice(2)),
    ];
  },

  "sent again after its reply, refused"(site) {
    const { exchange, next } = site;
    const xid = anyXid(site);
    const status = pick(next, [NFS4ERR_SEQ_MISORDERED, NFS4ERR_SEQ_FALSE_RETRY]);
    const all = again(site, changedCall(exchange.call, { xid }), refusal(exchange.reply, status, { xid }));
    return [expected(retryRule(site), exchange.slot, ...all), expected("server-rejected-retry", exchange.slot, ...all)];
  },

  "sent again after its reply, answered otherwise"(site) {
    const { exchange } = site;
    const { statuses, slot, operations } = exchange;
    const last = statuses.length - 1;
    const wrong = failed(operationOf(operations[last]!)!, NFS4ERR_SERVERFAULT);
    if (last < 2 || wrong === null || statuses[last] !== NFS4_OK) return null;
    const xid = anyXid(site);
    const reply = changedReply(exchange.reply, {
      xid,
      status: NFS4ERR_SERVERFAULT,
      operations: (all) => all.with(last, wrong),
    });
    const all = again(site, changedCall(exchange.call, { xid }), reply);
    return [expected(retryRule(site), slot, ...all), expected("replay-reply-differs", slot, ...all)];
  },

  "a REMOVE executed again"(site) {
    const { exchange } = site;
    const at = exchange.operations.indexOf(OP_REMOVE);
    if (at < 0 || exchange.statuses[at] !== NFS4_OK) return null;
    const xid = anyXid(site);
    const gone = failed(operationOf(OP_REMOVE)!, NFS4ERR_NOENT)!;
    const operations = (all: readonly OperationValue[]) => [...all.slice(0, at), gone];
    const reply = changedReply(exchange.reply, { xid, status: NFS4ERR_NOENT, operations });
    const all = again(site, changedCall(exchange.call, { xid }), reply);
    return [expected("retry-after-reply", exchange.slot, ...all), expected("double-execution", exchange.slot, ...all)];
  },

  "sent again before its reply, told to wait"(site) {
    const { draft, exchange } = site;
    const xid = newXid(site);
    const call = changedCall(exchange.call, { xid });
    draft.insertAfter(exchange.call, [call, refusal(exchange.reply, NFS4ERR_DELAY, { xid })]);
    return [expected("retry-before-reply", exchange.slot, exchange.call, call)];
  },

  "sent again before its reply, on another connection"(site) {
    const { draft, exchange } = site;
    const xid = anyXid(site);
    const link = anotherLink(site, exchange.call.link);
    const call = changedCall(exchange.call, { xid, link });
    const reply = refusal(exchange.reply, NFS4ERR_DELAY, { xid, link });
    draft.insertAfter(exchange.call, [{ kind: "open", link }, call, reply]);
    return [expected("duplicate-on-two-connections", exchange.slot, exchange.call, call)];
  },

  "sent again after its reply, on another connection"(site) {
    const { draft, exchange } = site;
    if (exchange.next === null || exchange.next.call.link !== exchange.call.link) return null;
    const xid = anyXid(site);
    const link = anotherLink(site, exchange.call.link);
    const call = changedCall(exchange.call, { xid, link });
    const reply = changedReply(exchange.reply, { xid, link });
    draft.insertAfter(exchange.reply, [{ kind: "open", link }, call, reply], LATER_NANOS);
    return [expected(retryRule(site), exchange.slot, exchange.call, exchange.reply, call, reply)];
  },

  "sent again after its connection was lost: as it should be"(site) {
    const { draft, exchange } = site;
    const old = exchange.call.link;
    if (!mayReconnect(site)) return null;
    const xid = anyXid(site);
    const link = anotherLink(site, old);
    draft.moveAfter(exchange.reply, old, link);
    draft.remove(exchange.reply);
    const call = changedCall(exchange.call, { xid, link });
    const reply = changedReply(exchange.reply, { xid, link });
    draft.insertAfter(exchange.call, [{ kind: "rst", link: old, from: 0 }, { kind: "open", link }, call, reply]);
    return [];
  },

  "given up when its connection was lost"(site) {
    const { draft, exchange } = site;
    const old = exchange.call.link;
    if (!mayReconnect(site) || exchange.next === null) return null;
    const link = anotherLink(site, old);
    draft.moveAfter(exchange.reply, old, link);
    draft.remove(exchange.reply);
    draft.insertAfter(exchange.call, [
      { kind: "rst", link: old, from: 0 },
      { kind: "open", link },
    ]);
    return [expected("slot-abandoned-after-disconnect", exchange.slot, exchange.call)];
  },

  "sent again with other arguments, refused"(site) {
    const { exchange } = site;
    const xid = newXid(site);
    const call = withOtherArguments(exchange.call, xid);
    if (call === null) return null;
    const all = again(site, call, refusal(exchange.reply, NFS4ERR_SEQ_FALSE_RETRY, { xid }));
    return [expected("false-retry", exchange.slot, ...all)];
  },

  "sent again with other arguments, which nobody noticed"(site) {
    const { exchange } = site;
    const xid = newXid(site);
    const call = withOtherArguments(exchange.call, xid);
    if (call === null) return null;
    const all = again(site, call, changedReply(exchange.reply, { xid }));
    return [expected("false-retry", exchange.slot, ...all)];
  },

  "another request under its sequence id, executed"(site) {
    const { exchange } = site;
    const { next, seq, slot } = exchange;
    if (next === null || isSameBytes(next.request, exchange.request) || isSameBytes(next.results, exchange.results))
      return null;
    if (next.statuses[1] !== NFS4_OK) return null;
    const xid = newXid(site);
    const { link } = exchange.call;
    const call = changedCall(next.call, { xid, seq, link });
    const all = again(site, call, changedReply(next.reply, { xid, seq, link }));
    return [expected("false-retry", slot, ...all), expected("false-retry-executed", slot, ...all)];
  },

  "sent again by another user, refused"(site) {
    const { exchange } = site;
    const users = twoUsers(site);
    if (users === null) return null;
    const xid = newXid(site);
    const call = changedCall(users.call, { xid, uid: OTHER_UID });
    const all = againBy(site, users.call, call, refusal(exchange.reply, NFS4ERR_SEQ_FALSE_RETRY, { xid }));
    return [expected("false-retry-user", exchange.slot, ...all)];
  },

  "sent again by another user, who got the reply"(site) {
    const { exchange } = site;
    const users = exchange.statuses.length < 2 ? null : twoUsers(site);
    if (users === null) return null;
    const xid = newXid(site);
    const call = changedCall(users.call, { xid, uid: OTHER_UID });
    const all = againBy(site, users.call, call, changedReply(exchange.reply, { xid }));
    const rules = ["false-retry-user", "false-retry-user-not-caught"];
    return rules.map((rule): Expected => expected(rule, exchange.slot, ...all));
  },

  "sent again, to be cached or not as it was not before"(site) {
    const { exchange } = site;
    const xid = newXid(site);
    const call = changedCall(exchange.call, { xid, cachethis: !exchange.cachethis });
    const reply = refusal(exchange.reply, NFS4ERR_SEQ_FALSE_RETRY, { xid });
    again(site, call, reply);
    return [expected("false-retry-cachethis", exchange.slot, exchange.call, call, reply)];
  },
};
