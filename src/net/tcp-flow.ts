import type { Connection, ConnectionFacts, Endpoint } from "./stream.ts";
import { TcpHalf } from "./tcp-half.ts";

/** A TCP connection, with what the connection table needs to find it. */
export class TcpFlow implements Connection {
  readonly id: number;
  readonly ends: readonly [Endpoint, Endpoint];
  readonly halves: readonly [TcpHalf, TcpHalf];
  initiator: 0 | 1 | null = null;
  handshakeSeen = false;
  ended: "fin" | "rst" | "reuse" | null = null;
  endedBy: 0 | 1 | null = null;
  readonly facts: ConnectionFacts;

  /** The 4-tuple as words, `a` the first end; `ports` as in a segment from the first end. */
  family = 4;
  a0 = 0;
  a1 = 0;
  a2 = 0;
  a3 = 0;
  b0 = 0;
  b1 = 0;
  b2 = 0;
  b3 = 0;
  ports = 0;
  /** Place in the table: where it is remembered as recent, bucket, next in the bucket, neighbours by activity. */
  recent = 0;
  bucket = 0;
  chained: TcpFlow | null = null;
  older: TcpFlow | null = null;
  newer: TcpFlow | null = null;
  isListedAsEnded = false;
  /** By the table's clock: last active, and put where it is among its neighbours. */
  activeAt = 0;
  listedAt = 0;

  /** The handshake's SYN or SYN/ACK was seen, its end not yet. */
  isShakingHands = false;
  synMicros = Number.NaN;
  synAckMicros = Number.NaN;

  get hasUnseenBytes(): boolean {
    return this.halves[0].hasUnseenBytes || this.halves[1].hasUnseenBytes;
  }

  constructor(id: number, from: Endpoint, to: Endpoint) {
    this.id = id;
    this.ends = [from, to];
    const halves: [TcpHalf, TcpHalf] = [new TcpHalf(this, 0), new TcpHalf(this, 1)];
    this.halves = halves;
    this.facts = {
      retransmittedSegments: 0,
      duplicateFrames: 0,
      zeroWindows: 0,
      synToSynAckMicros: null,
      synAckToAckMicros: null,
      evicted: false,
      get silentHalf(): 0 | 1 | null {
        if (halves[0].frames === 0 && halves[0].unseenAcked > 0) return 0;
        return halves[1].frames === 0 && halves[1].unseenAcked > 0 ? 1 : null;
      },
    };
  }
}
