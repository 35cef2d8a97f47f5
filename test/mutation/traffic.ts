/** What a capture shows, as messages: neither frames nor segments, so that it can be changed and captured anew. */

export interface Link {
  /** Endpoint texts, the one that opened the connection (or spoke first) at 0. */
  readonly ends: readonly [string, string];
  /** The capture holds its beginning. */
  readonly hasHandshake: boolean;
}

/** One RPC message, without record marks. */
export interface Message {
  readonly kind: "message";
  readonly link: Link;
  /** Index of the sending end. */
  readonly from: 0 | 1;
  readonly bytes: Uint8Array;
}

export interface Opening {
  readonly kind: "open";
  readonly link: Link;
}

/** FIN of one end, or RST. */
export interface Closing {
  readonly kind: "fin" | "rst";
  readonly link: Link;
  readonly from: 0 | 1;
}

export type TrafficEvent = Message | Opening | Closing;

export interface Timed {
  /** Nanoseconds since the first frame. */
  readonly at: number;
  readonly event: TrafficEvent;
}

/** In the order of time. */
export type Traffic = readonly Timed[];
