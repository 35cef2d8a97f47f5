/** The longest packet libpcap and Wireshark write (their MAXIMUM_SNAPLEN). */
export const CAPLEN_MAX = 262_144;

/**
 * The longest record or block accepted at all, for files whose own snap length asks for more than
 * CAPLEN_MAX; a snap length above this one says nothing ("unlimited") and counts as CAPLEN_MAX.
 */
export const RECORD_BYTES_MAX = 16_777_216;

/** After damage, at most this many bytes are searched for the next good packet. */
export const RESYNC_BYTES_MAX = 67_108_864;
