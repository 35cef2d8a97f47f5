import type { ChannelAttributes, ChannelLimits } from "../session/channel-attributes.ts";

/** What can be set about a server. */
export interface ServerOptions {
  /** Minor versions served. */
  readonly minorVersions: readonly number[];
  /** Most slots granted to a session, on either channel. */
  readonly slots: number;
  readonly leaseSeconds: number;
  /** How long owners known before a restart may reclaim. */
  readonly graceSeconds: number;
  /** How long an operation waits for delegations to be returned before it answers DELAY. */
  readonly recallWaitMillis: number;
  /** Contents of files. */
  readonly bytesMax: number;
  /** Files, directories and the rest. */
  readonly inodesMax: number;
  readonly connectionsMax: number;
  readonly clientsMax: number;
  readonly sessionsMax: number;
  /** Reply caches of all sessions: set aside when a session is made. */
  readonly cachedBytesMax: number;
  /** Bytes of the largest request or reply. */
  readonly messageBytesMax: number;
  readonly cachedReplyBytesMax: number;
  readonly operationsMax: number;
}

const MEBIBYTE = 1024 * 1024;
/** What a request or reply holds beside bulk data. */
const MESSAGE_OVERHEAD = 4096;
/** Where messages are kept shorter than that: what fits depends on the compound. */
const BULK_BYTES_LEAST = 512;

export const SERVER_OPTIONS: ServerOptions = {
  minorVersions: [1, 2],
  slots: 64,
  leaseSeconds: 90,
  graceSeconds: 90,
  recallWaitMillis: 1000,
  bytesMax: 1024 * MEBIBYTE,
  inodesMax: 1_000_000,
  connectionsMax: 1024,
  clientsMax: 4096,
  sessionsMax: 4096,
  cachedBytesMax: 256 * MEBIBYTE,
  messageBytesMax: MEBIBYTE + MESSAGE_OVERHEAD,
  cachedReplyBytesMax: 8192,
  operationsMax: 64,
};

/** The largest READ or WRITE that fits into a message. */
export function bulkBytesMax({ messageBytesMax }: ServerOptions): number {
  return Math.max(BULK_BYTES_LEAST, messageBytesMax - MESSAGE_OVERHEAD);
}

/** A request needs room for a header with a full credential, and SEQUENCE. */
const LEAST = { requestSize: 512, responseSize: 512 };

/** What is granted on the fore channel, where a session may have `slots`. */
export function foreLimits(options: ServerOptions, slots: number): ChannelLimits {
  return { most: mostOf(options, slots), least: LEAST };
}

/** What is granted on the back channel: the counts are the client's to set. RFC 8881 §18.36.3 */
export function backLimits(options: ServerOptions): ChannelLimits {
  return { most: mostOf(options, options.slots), least: { requestSize: 256, responseSize: 256 } };
}

function mostOf(options: ServerOptions, slots: number): ChannelAttributes {
  return {
    headerPadSize: 0,
    maxRequestSize: options.messageBytesMax,
    maxResponseSize: options.messageBytesMax,
    maxResponseSizeCached: options.cachedReplyBytesMax,
    maxOperations: options.operationsMax,
    maxRequests: slots,
    rdmaIrd: null,
  };
}
