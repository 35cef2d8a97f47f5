/** What a channel tells its owner. */
export interface ChannelOwner {
  /** Bytes arrived, in order; the owner may keep them. */
  received(bytes: Uint8Array): void;
  /** Nothing more will come or go; `why` is null when the peer ended it in good order. Told once. */
  closed(why: string | null): void;
  /** What was written before has left: `queuedBytes` is small again. */
  drained?(): void;
}

/** One end of a connection that carries bytes both ways in order: a TCP socket, or what a test puts in its place. */
export interface ByteChannel {
  /** `10.0.0.1:2049`, `[fd09::1]:2049` */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** Bytes written that have not left yet. */
  readonly queuedBytes: number;
  /** Starts the flow: until then nothing is told. */
  open(owner: ChannelOwner): void;
  /** Sends these bytes after all that were written before. They must not be changed afterwards. Ignored once closed. */
  write(bytes: Uint8Array): void;
  /** Takes no more bytes from the peer until `resume`: its window fills up. */
  pause(): void;
  resume(): void;
  /** Closes in good order (FIN) once everything written has left. The owner is told as if the peer had done it. */
  end(): void;
  /** Closes at once (RST): what is on its way is lost. */
  reset(): void;
}
