import type { ChannelAttributes } from "../session/channel-attributes.ts";

/** What a mount of a busy client asks for. */
export const FORE_WISHES: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 1024 * 1024 + 4096,
  maxResponseSize: 1024 * 1024 + 4096,
  maxResponseSizeCached: 8192,
  maxOperations: 16,
  maxRequests: 64,
  rdmaIrd: null,
};

/** Callbacks are small and few; their counts are the client's to set. RFC 8881 §18.36.3 */
export const BACK_WISHES: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 4096,
  maxResponseSize: 4096,
  maxResponseSizeCached: 4096,
  maxOperations: 8,
  maxRequests: 8,
  rdmaIrd: null,
};
