import type { channel_attrs4 } from "../nfs4/types.ts";
import type { ChannelAttributes } from "../session/channel-attributes.ts";

/** channel_attrs4 in the model's spelling. */
export function fromWire(attrs: channel_attrs4): ChannelAttributes {
  return {
    headerPadSize: attrs.ca_headerpadsize,
    maxRequestSize: attrs.ca_maxrequestsize,
    maxResponseSize: attrs.ca_maxresponsesize,
    maxResponseSizeCached: attrs.ca_maxresponsesize_cached,
    maxOperations: attrs.ca_maxoperations,
    maxRequests: attrs.ca_maxrequests,
    rdmaIrd: attrs.ca_rdma_ird[0] ?? null,
  };
}

/** And back. */
export function toWire(attributes: ChannelAttributes): channel_attrs4 {
  return {
    ca_headerpadsize: attributes.headerPadSize,
    ca_maxrequestsize: attributes.maxRequestSize,
    ca_maxresponsesize: attributes.maxResponseSize,
    ca_maxresponsesize_cached: attributes.maxResponseSizeCached,
    ca_maxoperations: attributes.maxOperations,
    ca_maxrequests: attributes.maxRequests,
    ca_rdma_ird: attributes.rdmaIrd === null ? [] : [attributes.rdmaIrd],
  };
}

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
