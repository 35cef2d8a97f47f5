/** What the RPC header of a callback says; compared with what the client asked for. RFC 8881 §18.36.3 */
export interface CallbackHeader {
  readonly program: number;
  /** Of the program, not of RPC. */
  readonly version: number;
  readonly credential: CallbackCredential;
}

/** Whom a callback says it comes from. RFC 8881 §2.10.8.2 */
export interface CallbackCredential {
  /** 0 AUTH_NONE, 1 AUTH_SYS, 6 RPCSEC_GSS. */
  readonly flavor: number;
  /** uid, gid and the other gids of AUTH_SYS; null for other flavors and where they cannot be read. */
  readonly ids: readonly number[] | null;
}
