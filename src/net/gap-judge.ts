import type { TcpHalf } from "./tcp-half.ts";

/**
 * On a capture that has shown acknowledgements ahead of their data (merged files, several interfaces) a hole may
 * still be filled after it was acknowledged: so long it is waited for, in time or in segments of that direction.
 */
export const SKEWED_PATIENCE_MICROS = 100_000;
export const SKEWED_PATIENCE_FRAMES = 2_000;

/**
 * When no frame of the receiver is captured, nothing acknowledges a hole. A sender would have filled it
 * within a few retransmission timeouts (RFC 6298 §2: 1 s at first, doubling).
 */
export const SILENT_PATIENCE_MICROS = 5_000_000;
export const SILENT_PATIENCE_FRAMES = 10_000;

/**
 * Whether the bytes before `half.waitingSequence` are lost to the capture, so that the stream has to go on without.
 *
 * The receiver's acknowledgement of all of them is the proof: it has what we do not. A bare acknowledgement is noted
 * only, and acted upon with the next frame that carries something (`isDecisive`): a late frame gets its chance, and
 * yet what waits is delivered before the answer to it. On skewed captures the chance is longer.
 */
export function isLost(half: TcpHalf, peer: TcpHalf, micros: number, isDecisive: boolean): boolean {
  if (!half.isHoleAcked) {
    if (!half.isAckKnown || ((half.acked - half.waitingSequence) | 0) < 0) return isUnanswered(half, peer, micros);
    half.isHoleAcked = true;
    half.holeAckedMicros = micros;
    half.holeFrames = 0;
  }
  if (isDecisive && !half.isSkewed) return true;
  return half.holeFrames >= SKEWED_PATIENCE_FRAMES || micros - half.holeAckedMicros >= SKEWED_PATIENCE_MICROS;
}

function isUnanswered(half: TcpHalf, peer: TcpHalf, micros: number): boolean {
  if (peer.frames !== half.holePeerFrames) return false;
  return half.holeFrames >= SILENT_PATIENCE_FRAMES || micros - half.holeMicros >= SILENT_PATIENCE_MICROS;
}
