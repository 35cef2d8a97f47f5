/** The body of one RPC message: where COMPOUND4args or COMPOUND4res is, and what is missing of it. */
export interface Body {
  bytes: Uint8Array;
  start: number;
  end: number;
  elidedAt: number;
  elidedLength: number;
  truncated: boolean;
  /** Of the whole RPC message. */
  length: number;
}

/** One that is empty, to be filled again and again. */
export function blankBody(bytes = new Uint8Array(0)): Body {
  return { bytes, start: 0, end: 0, elidedAt: -1, elidedLength: 0, truncated: false, length: 0 };
}
