import { type OperationValue, result } from "../../src/nfs4/compound-writer.ts";
import {
  NFS4_OK,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_STALE,
  NFS4ERR_TOO_MANY_OPS,
} from "../../src/nfs4/constants.ts";
import { operationNamed, operationOf } from "../../src/nfs4/op-table.ts";
import type { channel_attrs4 } from "../../src/nfs4/types.ts";
import { changedCall, changedReply, decoded, failed, refusal } from "./edits.ts";
import { type Expected, expected, type Kind, newXid, type Site } from "./mutation.ts";
import type { Message } from "./traffic.ts";

const LATER_NANOS = 20e6;
/** What a server may forget to count. */
const SLACK_BYTES = 400;
const LAST_OF_MINOR_1 = 58;
const PUTROOTFH = operationNamed("PUTROOTFH")!;
const RENEW = operationNamed("RENEW")!;

type Resok = Readonly<Record<string, unknown>> & { readonly csr_fore_chan_attrs: channel_attrs4 };

/** The reply to the CREATE_SESSION of the exchange's session, null if it is not in the capture. */
function creationReply({ slots, exchange }: Site): Message | null {
  const id = Buffer.from(exchange.sessionId, "hex");
  return slots.creations.find(({ reply }) => reply !== null && Buffer.from(reply.bytes).includes(id))?.reply ?? null;
}

function foreOf(reply: Message): channel_attrs4 {
  return (decoded(reply, "reply").operations[0]!.value as { csr_resok4: Resok }).csr_resok4.csr_fore_chan_attrs;
}

/** The server grants less than it did: no more than what the session then needs. */
function lower(site: Site, field: keyof channel_attrs4, lengths: readonly number[]): number | null {
  const reply = creationReply(site);
  const limit = Math.max(...lengths);
  if (reply === null || !((foreOf(reply)[field] as number) >= limit)) return null;
  const change = ([first]: readonly OperationValue[]) => {
    const { csr_status, csr_resok4 } = first!.value as { csr_status: number; csr_resok4: Resok };
    const fore = { ...csr_resok4.csr_fore_chan_attrs, [field]: limit };
    return [result(first!.operation, { csr_status, csr_resok4: { ...csr_resok4, csr_fore_chan_attrs: fore } })];
  };
  site.draft.replace(reply, changedReply(reply, { operations: change }));
  return limit;
}

function ofSession({ slots, exchange }: Site) {
  return slots.exchanges.filter(({ sessionId }) => sessionId === exchange.sessionId);
}

/** A tag that makes a message longer than `length`. */
function tagFor(length: number, message: Message): string {
  return "t".repeat(length - message.bytes.length + 4);
}

/** An operation more at the end, which the server refuses. */
function withOneMore(site: Site, rule: string, more: OperationValue, status: number): readonly Expected[] | null {
  const { draft, exchange } = site;
  const { statuses, operations } = exchange;
  const granted = creationReply(site);
  const most = granted === null ? 8 : foreOf(granted).ca_maxoperations;
  const isWhole = statuses.at(-1) === NFS4_OK && statuses.length === operations.length;
  const refused = failed(more.operation, status);
  if (!isWhole || operations.length >= most || refused === null) return null;
  const call = draft.replace(exchange.call, changedCall(exchange.call, { operations: (all) => [...all, more] }));
  const changed = changedReply(exchange.reply, { status, operations: (all) => [...all, refused] });
  const reply = draft.replace(exchange.reply, changed);
  return [expected(rule, exchange.slot, call, reply)];
}

/** The same operations without SEQUENCE. */
function unsequenced(site: Site, xid: number): Message | null {
  const { call, operations } = site.exchange;
  if (operations.length < 2 || operationOf(operations[1]!)?.mayLead) return null;
  return changedCall(call, { xid, operations: (all) => all.slice(1) });
}

export const structureKinds: Readonly<Record<string, Kind>> = {
  "larger than the channel, refused"(site) {
    const { draft, exchange } = site;
    const limit = lower(
      site,
      "ca_maxrequestsize",
      ofSession(site).map(({ call }) => call.bytes.length),
    );
    if (limit === null) return null;
    const xid = newXid(site);
    const call = changedCall(exchange.call, { xid, tag: tagFor(limit, exchange.call) });
    const reply = refusal(exchange.reply, NFS4ERR_REQ_TOO_BIG, { xid });
    draft.insertBefore(exchange.call, [call, reply], LATER_NANOS);
    return [expected("request-too-big", exchange.slot, call, reply)];
  },

  "answered by more than the channel takes"(site) {
    const { draft, exchange } = site;
    if (exchange.cachethis) return null;
    const limit = lower(
      site,
      "ca_maxresponsesize",
      ofSession(site).map(({ reply }) => reply.bytes.length),
    );
    if (limit === null) return null;
    const tag = tagFor(limit + SLACK_BYTES, exchange.reply);
    const call = draft.replace(exchange.call, changedCall(exchange.call, { tag }));
    const reply = draft.replace(exchange.reply, changedReply(exchange.reply, { tag }));
    return [expected("rep-too-big", exchange.slot, call, reply)];
  },

  "answered by more than can be cached"(site) {
    const { draft, exchange } = site;
    if (!exchange.cachethis) return null;
    const cached = ofSession(site).filter(({ cachethis }) => cachethis);
    const limit = lower(
      site,
      "ca_maxresponsesize_cached",
      cached.map(({ reply }) => reply.bytes.length),
    );
    if (limit === null) return null;
    const tag = tagFor(limit + SLACK_BYTES, exchange.reply);
    const call = draft.replace(exchange.call, changedCall(exchange.call, { tag }));
    const reply = draft.replace(exchange.reply, changedReply(exchange.reply, { tag }));
    return [expected("rep-too-big-to-cache", exchange.slot, call, reply)];
  },

  "more operations than the channel takes, refused"(site) {
    const { draft, exchange } = site;
    const granted = creationReply(site);
    if (granted === null) return null;
    const xid = newXid(site);
    const missing = foreOf(granted).ca_maxoperations + 1 - exchange.operations.length;
    const more = Array.from({ length: Math.max(0, missing) }, () => ({ operation: PUTROOTFH, value: undefined }));
    const call = changedCall(exchange.call, { xid, operations: (all) => [...all, ...more] });
    const reply = refusal(exchange.reply, NFS4ERR_TOO_MANY_OPS, { xid });
    draft.insertBefore(exchange.call, [call, reply], LATER_NANOS);
    return [expected("max-ops-exceeded", exchange.slot, call, reply)];
  },

  "without SEQUENCE, refused"(site) {
    const { draft, exchange } = site;
    const xid = newXid(site);
    const call = unsequenced(site, xid);
    const refused = call && failed(operationOf(exchange.operations[1]!)!, NFS4ERR_OP_NOT_IN_SESSION);
    if (call === null || refused === null) return null;
    const status = NFS4ERR_OP_NOT_IN_SESSION;
    const reply = changedReply(exchange.reply, { xid, status, operations: () => [refused] });
    draft.insertBefore(exchange.call, [call, reply], LATER_NANOS);
    return [expected("missing-sequence", null, call, reply)];
  },

  "without SEQUENCE, carried out"(site) {
    const { draft, exchange } = site;
    if (exchange.statuses[1] !== NFS4_OK) return null;
    const xid = newXid(site);
    const call = unsequenced(site, xid);
    if (call === null) return null;
    const reply = changedReply(exchange.reply, { xid, operations: (all) => all.slice(1) });
    draft.insertBefore(exchange.call, [call, reply], LATER_NANOS);
    const rules = ["missing-sequence", "server-accepted-bad-structure"];
    return rules.map((rule) => expected(rule, null, call, reply));
  },

  "answered beyond an error"(site) {
    const { draft, exchange } = site;
    const { statuses, operations } = exchange;
    const wrong = statuses.length < 3 ? null : failed(operationOf(operations[1]!)!, NFS4ERR_STALE);
    if (wrong === null) return null;
    const changed = changedReply(exchange.reply, { operations: (all) => all.with(1, wrong) });
    const reply = draft.replace(exchange.reply, changed);
    return [expected("ops-after-error", exchange.slot, exchange.call, reply)];
  },

  "in another minor version"(site) {
    const { draft, exchange } = site;
    if (exchange.operations.some((operation) => operation > LAST_OF_MINOR_1)) return null;
    if (creationReply(site) === null) return null;
    const minorVersion = 3 - decoded(exchange.call, "call").minorVersion;
    const call = draft.replace(exchange.call, changedCall(exchange.call, { minorVersion }));
    return [expected("minor-version-mixed", exchange.slot, call)];
  },

  "an operation of NFSv4.0": (site) =>
    withOneMore(site, "v40-op", { operation: RENEW, value: { clientid: 1n } }, NFS4ERR_NOTSUPP),

  "a highest slot below its own"(site) {
    const { draft, exchange } = site;
    if (exchange.slot === 0) return null;
    const call = draft.replace(exchange.call, changedCall(exchange.call, { highest: exchange.slot - 1 }));
    return [expected("highest-slotid-below-slotid", exchange.slot, call)];
  },
};
