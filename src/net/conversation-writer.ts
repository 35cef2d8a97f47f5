import type { RawEndpoint } from "./parse-endpoint.ts";
import { ACK, FIN, PSH, RST, SYN, tcpPacket } from "./tcp-packet.ts";

/** What fits into one packet with room to spare, as on a loopback device. */
export const SEGMENT_BYTES_MAX = 60 * 1024;
/** With a scale of 14, a gibibyte: more than any two ends leave unacknowledged. RFC 7323 §2.3 */
const WINDOW = 0xffff;
/** Largest segment 65,495; no operation; window scale 14. */
const SYN_OPTIONS = Uint8Array.of(2, 4, 0xff, 0xd7, 1, 3, 3, 14);

/** Who sends: the end that opened the connection, or the other. */
export type Side = "local" | "remote";

interface End {
  readonly from: RawEndpoint;
  readonly to: RawEndpoint;
  readonly peer: Side;
  /** The number of the next byte. */
  seq: number;
  packets: number;
}

/**
 * Turns what went over a connection into packets as a capture beside it would show them: a handshake, segments without
 * loss or disorder that acknowledge all that came before, and an end.
 */
export class ConversationWriter {
  readonly #emit: (packet: Uint8Array) => void;
  readonly #ends: Record<Side, End>;

  /** `firstSeq` should differ between connections that have the same two endpoints. */
  constructor(local: RawEndpoint, remote: RawEndpoint, firstSeq: number, emit: (packet: Uint8Array) => void) {
    this.#emit = emit;
    this.#ends = {
      local: { from: local, to: remote, peer: "remote", seq: firstSeq >>> 0, packets: 0 },
      remote: { from: remote, to: local, peer: "local", seq: ~firstSeq >>> 0, packets: 0 },
    };
  }

  /** The handshake. RFC 9293 §3.5 */
  open(): void {
    this.#send("local", SYN);
    this.#send("remote", SYN | ACK);
    this.#send("local", ACK);
  }

  /** Bytes of one side, in as few segments as they fit into. */
  data(side: Side, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES_MAX) {
      const isLast = at + SEGMENT_BYTES_MAX >= bytes.length;
      this.#send(side, isLast ? ACK | PSH : ACK, bytes.subarray(at, at + SEGMENT_BYTES_MAX));
    }
  }

  /** Both sides end it in good order, `first` before the other. RFC 9293 §3.6 */
  end(first: Side): void {
    this.#send(first, FIN | ACK);
    this.#send(this.#ends[first].peer, FIN | ACK);
    this.#send(first, ACK);
  }

  /** One side breaks it off. */
  reset(side: Side): void {
    this.#send(side, RST | ACK);
  }

  #send(side: Side, flags: number, payload?: Uint8Array): void {
    const end = this.#ends[side];
    const { from, to, peer, seq } = end;
    const isSyn = (flags & SYN) !== 0;
    this.#emit(
      tcpPacket({
        from,
        to,
        seq,
        ack: (flags & ACK) !== 0 ? this.#ends[peer].seq : 0,
        flags,
        window: WINDOW,
        identification: ++end.packets,
        ...(isSyn ? { options: SYN_OPTIONS } : {}),
        ...(payload === undefined ? {} : { payload }),
      }),
    );
    // SYN and FIN take up a number each. RFC 9293 §3.4
    const numbers = (payload?.length ?? 0) + (isSyn || (flags & FIN) !== 0 ? 1 : 0);
    end.seq = (seq + numbers) >>> 0;
  }
}
