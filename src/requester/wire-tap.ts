/** One connection, as a tap is told of it. */
export interface TappedConnection {
  /** Counts the connections of a requester. */
  readonly number: number;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** Told of all that passes on a requester's connections; times are nanoseconds since 1970. The bytes must not be changed. */
export interface WireTap {
  opened(connection: TappedConnection, at: bigint): void;
  sent(connection: TappedConnection, bytes: Uint8Array, at: bigint): void;
  received(connection: TappedConnection, bytes: Uint8Array, at: bigint): void;
  /** `how`: in good order, reset by us, or lost. */
  closed(connection: TappedConnection, how: "end" | "reset" | "lost", at: bigint): void;
}
