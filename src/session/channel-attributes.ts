/** channel_attrs4 in our spelling. RFC 8881 §18.36.1 */
export interface ChannelAttributes {
  readonly headerPadSize: number;
  readonly maxRequestSize: number;
  readonly maxResponseSize: number;
  readonly maxResponseSizeCached: number;
  readonly maxOperations: number;
  readonly maxRequests: number;
  /** Null where the array is empty. */
  readonly rdmaIrd: number | null;
}

/** channel_attrs4 in the protocol's. */
interface WireAttributes {
  ca_headerpadsize: number;
  ca_maxrequestsize: number;
  ca_maxresponsesize: number;
  ca_maxresponsesize_cached: number;
  ca_maxoperations: number;
  ca_maxrequests: number;
  ca_rdma_ird: number[];
}

/** From the protocol's spelling to ours. */
export function fromWire(attrs: Readonly<WireAttributes>): ChannelAttributes {
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
export function toWire(attributes: ChannelAttributes): WireAttributes {
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

export type Channel = "fore" | "back";

/** A granted attribute that the server had no right to grant. */
export interface AttributeViolation {
  readonly attribute: keyof ChannelAttributes;
  readonly requested: number;
  readonly granted: number;
  /** `raised`: above the wish. `changed`: the back channel's counts are the client's to set. RFC 8881 §18.36.3 */
  readonly rule: "raised" | "changed";
}

const NEVER_RAISED = [
  "headerPadSize",
  "maxRequestSize",
  "maxResponseSize",
  "maxResponseSizeCached",
  "rdmaIrd",
] as const satisfies readonly (keyof ChannelAttributes)[];

/** On the fore channel these may go either way; on the back channel they stay. RFC 8881 §18.36.3 */
const COUNTS = ["maxOperations", "maxRequests"] as const satisfies readonly (keyof ChannelAttributes)[];

/** Where granted attributes break a MUST NOT. */
export function violations(
  requested: ChannelAttributes,
  granted: ChannelAttributes,
  channel: Channel,
): AttributeViolation[] {
  const found: AttributeViolation[] = [];
  for (const attribute of NEVER_RAISED) {
    const wish = requested[attribute];
    const grant = granted[attribute];
    // The array of ca_rdma_ird may be empty on either side: nothing to compare.
    if (wish !== null && grant !== null && grant > wish) {
      found.push({ attribute, requested: wish, granted: grant, rule: "raised" });
    }
  }
  if (channel === "fore") return found;
  for (const attribute of COUNTS) {
    if (granted[attribute] !== requested[attribute]) {
      found.push({ attribute, requested: requested[attribute], granted: granted[attribute], rule: "changed" });
    }
  }
  return found;
}

/** What a server is ready to grant, and below which sizes a channel is of no use to it. */
export interface ChannelLimits {
  readonly most: ChannelAttributes;
  readonly least: { readonly requestSize: number; readonly responseSize: number };
}

/** The attributes to grant, or null when the wish is too small to work with: NFS4ERR_TOOSMALL. RFC 8881 §18.36.3 */
export function negotiate(
  requested: ChannelAttributes,
  limits: ChannelLimits,
  channel: Channel,
): ChannelAttributes | null {
  const { most, least } = limits;
  if (requested.maxRequestSize < least.requestSize || requested.maxResponseSize < least.responseSize) return null;
  const maxResponseSize = Math.min(requested.maxResponseSize, most.maxResponseSize);
  const isBack = channel === "back";
  return {
    headerPadSize: Math.min(requested.headerPadSize, most.headerPadSize),
    maxRequestSize: Math.min(requested.maxRequestSize, most.maxRequestSize),
    maxResponseSize,
    maxResponseSizeCached: Math.min(requested.maxResponseSizeCached, most.maxResponseSizeCached, maxResponseSize),
    maxOperations: isBack ? requested.maxOperations : atLeastOne(requested.maxOperations, most.maxOperations),
    maxRequests: isBack ? requested.maxRequests : atLeastOne(requested.maxRequests, most.maxRequests),
    rdmaIrd: requested.rdmaIrd === null || most.rdmaIrd === null ? null : Math.min(requested.rdmaIrd, most.rdmaIrd),
  };
}

/** A fore channel without a slot or an operation would be no channel; the server may raise these. */
function atLeastOne(requested: number, most: number): number {
  return Math.max(1, Math.min(requested, most));
}
