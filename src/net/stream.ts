/** Who receives the reassembled TCP streams, and what a stream is. */

export interface Endpoint {
  /** `10.0.0.1` or `fd09::1`, canonical text (RFC 5952). */
  address: string;
  port: number;
}

export interface Connection {
  /** 0, 1, 2 … in order of appearance; a reused 4-tuple is a new connection. */
  readonly id: number;
  /** `halves[0]` flows from `ends[0]` to `ends[1]`, `halves[1]` back. */
  readonly ends: readonly [Endpoint, Endpoint];
  readonly halves: readonly [HalfStream, HalfStream];
  /** Which end sent the SYN; null when the capture began later. */
  initiator: 0 | 1 | null;
  /** Both SYNs were captured: the streams are complete from their first byte. */
  handshakeSeen: boolean;
  /** One end acknowledged bytes that no frame held so far: they are lost, or late in the capture. */
  readonly hasUnseenBytes: boolean;
  /** How it ended, null while it lives. `reuse`: a SYN with another initial sequence number took its 4-tuple over. */
  ended: "fin" | "rst" | "reuse" | null;
  /** The end that sent the RST or the first FIN; null while it lives, and when its 4-tuple was taken over. */
  endedBy: 0 | 1 | null;
  /** What its segments showed besides the streams. */
  readonly facts: ConnectionFacts;
}

/** Observations of a connection for findings about network and capture. */
export interface ConnectionFacts {
  /** Segments that brought bytes again, or late into a hole; second recordings are not among them. */
  retransmittedSegments: number;
  /** Frames recorded twice. */
  duplicateFrames: number;
  /** Segments that announced a receive window of 0. */
  zeroWindows: number;
  /** From the last SYN to the SYN/ACK: long when the capture was taken near the initiator. Null when not seen. */
  synToSynAckMicros: number | null;
  /** From the SYN/ACK to the ACK: long when the capture was taken near the other end. */
  synAckToAckMicros: number | null;
  /** The half (its index) of which no packet was captured although the other end acknowledged data of it. */
  readonly silentHalf: 0 | 1 | null;
  /** The connection table was full and this connection the longest idle: it was closed with `ended` null. */
  evicted: boolean;
}

export interface HalfStream {
  readonly connection: Connection;
  /** Index in `connection.halves` and of the sending end. */
  readonly index: 0 | 1;
  readonly consumer: StreamConsumer;
  /**
   * TCP payload bytes delivered, missing ones included: the stream offset of the next byte,
   * and during a consumer's call of the first byte it is given.
   */
  delivered: number;
  /** Bytes lost to the capture so far. */
  missingBytes: number;
}

/**
 * Gets one direction of a connection as stream bytes in order, each exactly once.
 * `bytes` is valid only during the call. Called synchronously while a frame is pushed,
 * so "the current frame" is the one that completed what is delivered.
 */
export interface StreamConsumer {
  bytes(bytes: Uint8Array, start: number, end: number): void;
  /**
   * `length` stream bytes exist but are not in the capture. `snaplen`: this frame carried them, cut;
   * `gap`: no frame did (the receiver acknowledged them, or the reassembly window passed them by).
   */
  missing(length: number, why: "snaplen" | "gap"): void;
  /**
   * What comes now, and what waited behind it, had reached the other end earlier: it was acknowledged while the capture
   * did not hold it, or bears an earlier time. Another interface recorded it too, or it was sent again in vain.
   */
  late?(): void;
}

/** What the network layer tells its owner. */
export interface NetworkSink {
  /** A connection showed its first segment: give the consumers of its two directions. */
  open(connection: Connection, index: 0 | 1): StreamConsumer;
  /** Something by which the owner knows the current frame again; kept for segments that have to wait. */
  mark?(): unknown;
  /** What comes now was brought by the marked frame, which had waited behind a hole; null: by the current one again. */
  revisit?(mark: unknown): void;
  /** One end sent its FIN and all bytes before it are delivered; the other end may go on sending. */
  closing?(connection: Connection): void;
  /**
   * FIN in both directions, RST, or its 4-tuple was taken over; with `ended` null, it was evicted (see its facts).
   * Called once a connection, after its last bytes; not for those that live on when the capture ends.
   */
  closed(connection: Connection): void;
  /** A whole UDP datagram (reassembled if fragmented); `length` is its payload length on the wire. */
  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, length: number): void;
}
