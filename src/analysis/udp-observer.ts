import type { Endpoint } from "../net/stream.ts";
import { CALL } from "../rpc/constants.ts";
import { ExchangeTable } from "../rpc/exchange.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { plausibleCall } from "../rpc/programs.ts";
import type { Tally } from "./tally.ts";

const header = new RpcHeader();

/** Counts RPC over UDP. NFSv4.1 does not run there (RFC 8881 §2.9.1), so that nothing is decoded. */
export class UdpObserver {
  readonly #tally: Tally;
  /** One table for all: a key of client port and xid tells calls apart well enough to count replies. */
  readonly #calls = new ExchangeTable<true>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number): void {
    if (!parseHeader(bytes, start, end, header)) return;
    if (header.type === CALL) {
      if (!plausibleCall(header.program, header.version, header.procedure)) return;
      this.#tally.datagrams++;
      this.#tally.rpcCalls++;
      this.#tally.countOther(header.program, header.version);
      this.#calls.call(keyOf(from.port, header.xid), true);
    } else if (this.#calls.reply(keyOf(to.port, header.xid)) !== undefined) {
      this.#tally.datagrams++;
      this.#tally.rpcReplies++;
    }
  }

  get unanswered(): number {
    return this.#calls.size;
  }
}

/** The table takes 32 bits: the xid with the port spread over it. Two clients that count alike stay apart. */
function keyOf(port: number, xid: number): number {
  return (xid ^ Math.imul(port, 0x9e37_79b1)) >>> 0;
}
