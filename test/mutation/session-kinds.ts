import {
  CREATE_SESSION4_FLAG_CONN_RDMA,
  NFS4ERR_BADSESSION,
  NFS4ERR_SEQ_MISORDERED,
  OP_CREATE_SESSION,
} from "../../src/nfs4/constants.ts";
import { operationOf } from "../../src/nfs4/op-table.ts";
import type { channel_attrs4 } from "../../src/nfs4/types.ts";
import { integer, pick } from "../support/random.ts";
import { changedCall, changedReply, failed, refusal } from "./edits.ts";
import type { RawExchange } from "./exchanges.ts";
import { type Expected, expected, isCreated, type Kind, newXid, type Site } from "./mutation.ts";
import type { Message } from "./traffic.ts";

const LATER_NANOS = 50e6;

/** One of the captured CREATE_SESSIONs that succeeded, with its reply. */
function aCreation({ slots, next }: Site): (RawExchange & { reply: Message }) | null {
  const succeeded = slots.creations.filter(({ reply }) => reply !== null && reply.bytes.length > 100);
  return succeeded.length === 0 ? null : (pick(next, succeeded) as RawExchange & { reply: Message });
}

type Granted = Readonly<Record<string, unknown>> & {
  readonly csr_sequence: number;
  readonly csr_flags: number;
  readonly csr_fore_chan_attrs: channel_attrs4;
  readonly csr_back_chan_attrs: channel_attrs4;
};

/** The server grants something else. */
function granted(site: Site, rule: string, change: (was: Granted) => Partial<Granted>): Expected[] | null {
  const creation = aCreation(site);
  if (creation === null) return null;
  const reply = site.draft.replace(
    creation.reply,
    changedReply(creation.reply, {
      operations: ([first]) => {
        const { csr_status, csr_resok4 } = first!.value as { csr_status: number; csr_resok4: Granted };
        const value = { csr_status, csr_resok4: { ...csr_resok4, ...change(csr_resok4) } };
        return [{ operation: first!.operation, value }];
      },
    }),
  );
  return [expected(rule, null, creation.call, reply)];
}

export const sessionKinds: Readonly<Record<string, Kind>> = {
  "of a session that nobody made"(site) {
    const { draft, exchange } = site;
    if (!isCreated(site, exchange)) return null;
    const xid = newXid(site);
    const call = changedCall(exchange.call, { xid, session: "ab".repeat(16) });
    const reply = refusal(exchange.reply, NFS4ERR_BADSESSION, { xid });
    draft.insertBefore(exchange.call, [call, reply]);
    return [expected("unknown-session", exchange.slot, call, reply)];
  },

  "of a session that was destroyed"(site) {
    const { draft, exchange, slots } = site;
    if (!isCreated(site, exchange)) return null;
    const id = Buffer.from(exchange.sessionId, "hex");
    const end = slots.destructions.find(({ call }) => Buffer.from(call.bytes).includes(id));
    if (end?.reply == null || end.call.link !== exchange.call.link) return null;
    const xid = newXid(site);
    let last = exchange;
    while (last.next !== null) last = last.next;
    const call = changedCall(last.call, { xid, seq: last.seq + 1 });
    const reply = refusal(last.reply, NFS4ERR_BADSESSION, { xid });
    draft.insertAfter(end.reply, [call, reply], LATER_NANOS);
    return [expected("use-after-destroy", exchange.slot, call, reply)];
  },

  "CREATE_SESSION with a sequence id that jumped"(site) {
    const creation = aCreation(site);
    if (creation === null) return null;
    const xid = newXid(site);
    const by = integer(site.next, 2, 50);
    const call = changedCall(creation.call, {
      xid,
      operations: ([first]) => {
        const value = first!.value as { csa_sequence: number };
        return [{ operation: first!.operation, value: { ...value, csa_sequence: value.csa_sequence + by } }];
      },
    });
    const reply = changedReply(creation.reply, {
      xid,
      status: NFS4ERR_SEQ_MISORDERED,
      operations: () => [failed(operationOf(OP_CREATE_SESSION)!, NFS4ERR_SEQ_MISORDERED)!],
    });
    site.draft.insertAfter(creation.reply, [call, reply], LATER_NANOS);
    return [expected("create-session-seq", null, call, reply)];
  },

  "CREATE_SESSION answered for another sequence id": (site) =>
    granted(site, "create-session-csr-seq", ({ csr_sequence }) => ({ csr_sequence: csr_sequence + 1 })),

  "larger requests granted than asked for": (site) =>
    granted(site, "attrs-raised", ({ csr_fore_chan_attrs: fore }) => {
      const field = pick(site.next, ["ca_maxrequestsize", "ca_maxresponsesize", "ca_maxresponsesize_cached"] as const);
      return { csr_fore_chan_attrs: { ...fore, [field]: 0x4000_0000 } };
    }),

  "another back channel granted than asked for": (site) =>
    granted(site, "back-attrs-changed", ({ csr_back_chan_attrs: back }) => {
      const field = pick(site.next, ["ca_maxoperations", "ca_maxrequests"] as const);
      return { csr_back_chan_attrs: { ...back, [field]: back[field] + 1 } };
    }),

  "RDMA granted that nobody wanted": (site) =>
    granted(site, "flags-not-requested", ({ csr_flags }) => ({
      csr_flags: csr_flags | CREATE_SESSION4_FLAG_CONN_RDMA,
    })),
};
