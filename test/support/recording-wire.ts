import { Wire } from "./scenario-wire.ts";

/** A packet as it was sent, in the client's time. */
export interface Recorded {
  readonly at: number;
  readonly packet: Uint8Array;
  readonly fromServer: boolean;
  /** Of the connection: its two ports and the client's address. */
  readonly connection: number;
}

const SERVER_PORT = 2049;
const ADDRESS_AT = 12;
const PORTS_AT = 20;
const SEQ_AT = 24;
const ACK_AT = 28;
const HEADERS = 40;

/** Keeps what is sent instead of having it analysed, so that a capture of it can be made in many ways. */
export class RecordingWire extends Wire {
  readonly recorded: Recorded[] = [];
  /** From client to server or back. */
  latencyNanos = 50_000;
  /** Where the client's stream was when, by connection: the server can only acknowledge what has reached it. */
  readonly #sent = new Map<number, { at: number; end: number }[]>();

  override capture(packet: Uint8Array): number {
    this.nanos += this.stepNanos;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const fromServer = view.getUint16(PORTS_AT) === SERVER_PORT;
    const port = view.getUint16(PORTS_AT + (fromServer ? 2 : 0));
    const host = view.getUint8(ADDRESS_AT + (fromServer ? 4 : 0) + 3);
    const connection = host * 0x1_0000 + port;
    if (fromServer) this.#acknowledge(view, connection);
    else this.#note(view, connection);
    this.recorded.push({ at: this.nanos, packet, fromServer, connection });
    this.frames = this.recorded.length;
    return this.frames;
  }

  #note(view: DataView, connection: number): void {
    const isSyn = (view.getUint8(PORTS_AT + 13) & 2) !== 0;
    const end = view.getUint32(SEQ_AT) + (isSyn ? 1 : view.byteLength - HEADERS);
    const sent = isSyn ? [] : (this.#sent.get(connection) ?? []);
    sent.push({ at: this.nanos, end });
    this.#sent.set(connection, sent);
  }

  #acknowledge(view: DataView, connection: number): void {
    const arrived = this.nanos - 2 * this.latencyNanos;
    const last = this.#sent.get(connection)?.findLast(({ at }) => at <= arrived);
    if (last !== undefined) view.setUint32(ACK_AT, last.end >>> 0);
  }
}
