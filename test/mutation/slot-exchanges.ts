import { Compound } from "../../src/nfs4/compound.ts";
import { OP_CREATE_SESSION, OP_DESTROY_SESSION, OP_SEQUENCE } from "../../src/nfs4/constants.ts";
import { sequenceArgs } from "../../src/nfs4/sequence.ts";
import { skimCall, skimReply } from "../../src/nfs4/skim.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { toHex } from "../support/hex.ts";
import { exchangesOf, type RawExchange } from "./exchanges.ts";
import type { Message, Traffic } from "./traffic.ts";

/** An exchange of the fore channel that SEQUENCE leads, and which was carried out. */
export interface SlotExchange extends RawExchange {
  readonly reply: Message;
  readonly sessionId: string;
  readonly slot: number;
  readonly seq: number;
  readonly cachethis: boolean;
  /** Operation numbers of the call. */
  readonly operations: readonly number[];
  /** Statuses of the results. */
  readonly statuses: readonly number[];
  /** Operations and arguments behind SEQUENCE, and the results: to compare. */
  readonly request: Uint8Array;
  readonly results: Uint8Array;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** On the same slot, null at its ends. */
  previous: SlotExchange | null;
  next: SlotExchange | null;
}

/** What the capture shows of session slots. */
export interface Slots {
  readonly exchanges: readonly SlotExchange[];
  /** CREATE_SESSION and DESTROY_SESSION, outside of any session's SEQUENCE. */
  readonly creations: readonly RawExchange[];
  readonly destructions: readonly RawExchange[];
  readonly callbacks: readonly RawExchange[];
}

const header = new RpcHeader();
const callCompound = new Compound();
const replyCompound = new Compound();
const cursor = new Cursor();

export function slotsOf(traffic: Traffic): Slots {
  const times = new Map(traffic.map(({ at, event }) => [event, at]));
  const exchanges: SlotExchange[] = [];
  const creations: RawExchange[] = [];
  const destructions: RawExchange[] = [];
  const callbacks: RawExchange[] = [];
  const latest = new Map<string, SlotExchange>();
  for (const raw of exchangesOf(traffic)) {
    if (raw.isCallback) callbacks.push(raw);
    if (raw.isCallback || raw.reply === null) continue;
    const { bytes } = raw.call;
    parseHeader(bytes, 0, bytes.length, header);
    skimCall(cursor.reset(bytes, header.bodyStart, bytes.length), callCompound, false);
    if (callCompound.minorVersion < 1) continue;
    const [first] = callCompound.ops;
    if (first === OP_CREATE_SESSION) creations.push(raw);
    else if (first === OP_DESTROY_SESSION) destructions.push(raw);
    else if (first === OP_SEQUENCE) {
      const exchange = slotExchange(raw as RawExchange & { reply: Message }, times);
      const key = `${exchange.sessionId} ${exchange.slot}`;
      const previous = latest.get(key) ?? null;
      exchange.previous = previous;
      if (previous !== null) previous.next = exchange;
      latest.set(key, exchange);
      exchanges.push(exchange);
    }
  }
  return { exchanges, creations, destructions, callbacks };
}

/** `callCompound` holds the call. */
function slotExchange(raw: RawExchange & { reply: Message }, times: ReadonlyMap<unknown, number>): SlotExchange {
  const { bytes } = raw.call;
  const at = callCompound.starts[0]!;
  const replied = raw.reply.bytes;
  parseHeader(replied, 0, replied.length, header);
  skimReply(cursor.reset(replied, header.bodyStart, replied.length), replyCompound, false);
  return {
    ...raw,
    sessionId: toHex(bytes.subarray(sequenceArgs.sessionid(at), sequenceArgs.sessionid(at) + 16)),
    slot: sequenceArgs.slotid(bytes, at),
    seq: sequenceArgs.sequenceid(bytes, at),
    cachethis: sequenceArgs.cachethis(bytes, at),
    operations: [...callCompound.ops.subarray(0, callCompound.count)],
    statuses: [...replyCompound.statuses.subarray(0, replyCompound.count)],
    request: bytes.subarray(callCompound.ends[0]!, callCompound.end),
    results: replied.subarray(replyCompound.ends[0]!, replyCompound.end),
    sentAt: times.get(raw.call)!,
    answeredAt: times.get(raw.reply)!,
    previous: null,
    next: null,
  };
}
