import { NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { integer, pick } from "../support/random.ts";
import { changedCall, changedReply, decoded, refusal } from "./edits.ts";
import type { RawExchange } from "./exchanges.ts";
import { type Expected, expected, type Kind, newXid, type Site } from "./mutation.ts";
import type { Message } from "./traffic.ts";

const LATER_NANOS = 20e6;

interface Callback extends RawExchange {
  readonly reply: Message;
  readonly slot: number;
  readonly seq: number;
}

/** A callback on a slot that had been used before, if `isUsed`, else on a new one. */
function aCallback({ slots, next }: Site, isUsed: boolean): Callback | null {
  const all = slots.callbacks.flatMap((raw) => (raw.reply === null ? [] : [withPlace({ ...raw, reply: raw.reply })]));
  const fitting = all.filter(({ seq }) => seq > 1 === isUsed);
  return fitting.length === 0 ? null : pick(next, fitting);
}

function withPlace(raw: RawExchange & { reply: Message }): Callback {
  const { value } = decoded(raw.call, "callback-call").operations[0]!;
  const { csa_sequenceid, csa_slotid } = value as { csa_sequenceid: number; csa_slotid: number };
  return { ...raw, slot: csa_slotid, seq: csa_sequenceid };
}

/** The server tries a sequence id before the right one, and is told off. */
function refusedBefore(site: Site, rule: string, { call: sent, reply: got, slot }: Callback, seq: number): Expected[] {
  const xid = newXid(site);
  const call = changedCall(sent, { xid, seq });
  const reply = refusal(got, NFS4ERR_SEQ_MISORDERED, { xid });
  site.draft.insertBefore(sent, [call, reply], LATER_NANOS);
  return [expected(rule, slot, call, reply)];
}

export const callbackKinds: Readonly<Record<string, Kind>> = {
  "a callback's sequence id jumped"(site) {
    const callback = aCallback(site, true);
    return callback && refusedBefore(site, "backchannel-seq-gap", callback, callback.seq + integer(site.next, 1, 9));
  },

  "a first callback with another sequence id than 1"(site) {
    const callback = aCallback(site, false);
    return callback && refusedBefore(site, "backchannel-seq-first-not-one", callback, integer(site.next, 2, 9));
  },

  "a callback that the client refuses though it is right"(site) {
    const callback = aCallback(site, true);
    return callback && refusedBefore(site, "backchannel-misordered-by-client", callback, callback.seq);
  },

  "a callback answered for another sequence id"(site) {
    const callback = aCallback(site, site.next() < 0.5);
    if (callback === null) return null;
    const { call, slot, seq } = callback;
    const reply = site.draft.replace(callback.reply, changedReply(callback.reply, { seq: seq + 1 }));
    return [expected("backchannel-reply-seqid-mismatch", slot, call, reply)];
  },

  "a callback sent again after its reply"(site) {
    const callback = aCallback(site, site.next() < 0.5);
    if (callback === null) return null;
    const xid = newXid(site);
    const call = changedCall(callback.call, { xid });
    const reply = changedReply(callback.reply, { xid });
    site.draft.insertAfter(callback.reply, [call, reply], LATER_NANOS);
    const all = [callback.call, callback.reply, call, reply];
    return [expected("backchannel-retry-without-disconnect", callback.slot, ...all)];
  },
};
