/** RPC header with an AUTH_NONE verifier 24, COMPOUND with an empty tag 12, then the result of SEQUENCE or CB_SEQUENCE. */
export const SMALLEST_REPLY_BYTES = { fore: 24 + 12 + 44, back: 24 + 12 + 40 } as const;

/** RPC header with AUTH_NONE 40, COMPOUND with an empty tag 12, SEQUENCE 36. */
export const SMALLEST_REQUEST_BYTES = 40 + 12 + 36;
