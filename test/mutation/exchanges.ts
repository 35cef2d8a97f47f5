import type { CompoundKind } from "../../src/nfs4/compound.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { NFS_PROGRAM } from "../../src/rpc/programs.ts";
import type { Message, Traffic } from "./traffic.ts";

const CALL = 0;
const COMPOUND = 1;
const NFS_V4 = 4;

/** A COMPOUND or CB_COMPOUND call and its reply. */
export interface RawExchange {
  readonly isCallback: boolean;
  readonly call: Message;
  readonly reply: Message | null;
}

const header = new RpcHeader();

/** Every exchange of NFSv4, of any minor version, in the order of the calls. */
export function exchangesOf(traffic: Traffic): RawExchange[] {
  const found: { isCallback: boolean; call: Message; reply: Message | null }[] = [];
  const waiting = new Map<string, (typeof found)[number]>();
  const ids = new Map<object, number>();
  const key = ({ link }: Message, caller: number, xid: number) => {
    if (!ids.has(link)) ids.set(link, ids.size);
    return `${ids.get(link)} ${caller} ${xid}`;
  };
  for (const { event: message } of traffic) {
    if (message.kind !== "message" || !parseHeader(message.bytes, 0, message.bytes.length, header)) continue;
    const { from } = message;
    if (header.type === CALL) {
      const isFore = header.program === NFS_PROGRAM && header.version === NFS_V4;
      if (header.procedure !== COMPOUND || (from === 0) !== isFore) continue;
      const exchange = { isCallback: !isFore, call: message, reply: null };
      found.push(exchange);
      waiting.set(key(message, from, header.xid), exchange);
    } else {
      const exchange = waiting.get(key(message, 1 - from, header.xid));
      if (exchange !== undefined) exchange.reply ??= message;
    }
  }
  return found;
}

export function kindOf({ isCallback }: RawExchange, part: "call" | "reply"): CompoundKind {
  return isCallback ? `callback-${part}` : part;
}
