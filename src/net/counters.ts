/**
 * What the network layer saw and let go. Each frame is counted in exactly one of
 * `tcp`, `udp`, `otherIp`, `heldFragments`, `nonIp`, `unknownLink` and `malformed`.
 */
export interface NetworkCounters {
  frames: number;
  tcp: number;
  udp: number;
  /** IP packets of other protocols. */
  otherIp: number;
  /** IP fragments that did not complete a datagram; the one that does counts by its protocol. */
  heldFragments: number;
  nonIp: number;
  /** Frames of a link type that is not understood. */
  unknownLink: number;
  /** Frames whose headers contradict themselves, or are cut short. */
  malformed: number;

  /** Datagrams put together from fragments. */
  reassembledDatagrams: number;
  /** Fragments thrown away: timed out, overlapping, beyond a limit. */
  fragmentsDropped: number;

  /** The same packet recorded twice: not a retransmission. */
  duplicateFrames: number;
  /** Segments that carried bytes which the stream already had, and those that filled a hole late. */
  retransmittedSegments: number;
  /** Segments that came before bytes that precede them. */
  outOfOrderSegments: number;
  /** Keep-alives: at most one byte, just before the next expected. */
  keepAlives: number;
  /** Segments far outside of what the stream can carry now. */
  outOfWindowSegments: number;
  /** Segments with payload of a connection that had ended, or behind its FIN. */
  segmentsAfterClose: number;
  /** Segments without payload of no known connection. */
  straySegments: number;
  /** Holes that a retransmission filled: lost on the network, not by the capture. */
  lostThenFilled: number;
  /** Holes given up: lost by the capture. */
  gaps: number;
  gapBytes: number;
  /** Payload bytes cut off by the snap length. */
  snaplenBytes: number;
  /** Holes given up because too much waited behind them; part of `gaps`. */
  windowOverflows: number;

  connections: number;
  /** Connections forgotten because the table was full. */
  connectionsEvicted: number;
}

/** Counters at zero. */
export function newCounters(): NetworkCounters {
  return {
    frames: 0,
    tcp: 0,
    udp: 0,
    otherIp: 0,
    heldFragments: 0,
    nonIp: 0,
    unknownLink: 0,
    malformed: 0,
    reassembledDatagrams: 0,
    fragmentsDropped: 0,
    duplicateFrames: 0,
    retransmittedSegments: 0,
    outOfOrderSegments: 0,
    keepAlives: 0,
    outOfWindowSegments: 0,
    segmentsAfterClose: 0,
    straySegments: 0,
    lostThenFilled: 0,
    gaps: 0,
    gapBytes: 0,
    snaplenBytes: 0,
    windowOverflows: 0,
    connections: 0,
    connectionsEvicted: 0,
  };
}
