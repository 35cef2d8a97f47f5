import type { Endpoint } from "../net/stream.ts";
import { Compound } from "../nfs4/compound.ts";
import { mayLead, OP_CB_SEQUENCE } from "../nfs4/constants.ts";
import { skimCall, skimCallbackCall } from "../nfs4/skim.ts";
import { CALL } from "../rpc/constants.ts";
import { ExchangeTable } from "../rpc/exchange.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { isTransientProgram, NFS_PROGRAM, plausibleCall } from "../rpc/programs.ts";
import type { DatagramCompound } from "../session/facts.ts";
import type { Sighting } from "../session/sighting.ts";
import { Cursor } from "../xdr/cursor.ts";
import { endpointText } from "./endpoint-text.ts";
import type { Tally } from "./tally.ts";

const NFS_V4 = 4;
const COMPOUND = 1;
const MINOR_VERSION_MAX = 2;

const header = new RpcHeader();
const compound = new Compound();
const cursor = new Cursor();

/** Is told of compounds that have no business here; gives the place in the capture. */
export interface DatagramWatch {
  sighting(): Sighting;
  tell(compound: DatagramCompound): void;
}

/** Counts RPC over UDP. NFSv4.1 must not run there (RFC 8881 §2.9.1): where it does, that is told and nothing else. */
export class UdpObserver {
  readonly #tally: Tally;
  /** One table for all: a key of client port and xid tells calls apart well enough to count replies. */
  readonly #calls = new ExchangeTable<true>();
  readonly #watch: DatagramWatch | null;

  constructor(tally: Tally, watch: DatagramWatch | null = null) {
    this.#tally = tally;
    this.#watch = watch;
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number): void {
    if (!parseHeader(bytes, start, end, header)) return;
    if (header.type === CALL) {
      if (!plausibleCall(header.program, header.version, header.procedure)) return;
      this.#tally.datagrams++;
      this.#tally.rpcCalls++;
      this.#tally.countOther(header.program, header.version);
      this.#calls.call(keyOf(from.port, header.xid), true);
      if (header.procedure === COMPOUND) this.#compound(from, to, bytes, end);
    } else if (this.#calls.reply(keyOf(to.port, header.xid)) !== undefined) {
      this.#tally.datagrams++;
      this.#tally.rpcReplies++;
    }
  }

  #compound(from: Endpoint, to: Endpoint, bytes: Uint8Array, end: number): void {
    const { program, version } = header;
    const isCallback = isTransientProgram(program);
    if (this.#watch === null || !(isCallback || (program === NFS_PROGRAM && version === NFS_V4))) return;
    cursor.reset(bytes, header.bodyStart, end);
    if (isCallback) skimCallbackCall(cursor, compound, true);
    else skimCall(cursor, compound, true);
    if (!isSessionCompound(isCallback)) return;
    const { minorVersion } = compound;
    const seen = this.#watch.sighting();
    this.#watch.tell({ from: endpointText(from), to: endpointText(to), isCallback, minorVersion, seen });
  }

  get unanswered(): number {
    return this.#calls.size;
  }
}

/** Beyond doubt one of minor version 1 or above: nothing else is known of who talks there. */
function isSessionCompound(isCallback: boolean): boolean {
  const { minorVersion, error, count, ops } = compound;
  if (minorVersion < 1 || minorVersion > MINOR_VERSION_MAX || error !== null || count === 0) return false;
  return isCallback ? ops[0] === OP_CB_SEQUENCE : mayLead(ops[0]!);
}

/** The table takes 32 bits: the xid with the port spread over it. Two clients that count alike stay apart. */
function keyOf(port: number, xid: number): number {
  return (xid ^ Math.imul(port, 0x9e37_79b1)) >>> 0;
}
