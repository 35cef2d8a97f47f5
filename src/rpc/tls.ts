/** RPC-with-TLS: the AUTH_TLS probe and its answer, after which a connection is opaque. RFC 9289 §4.1. */
import { AUTH_NONE, AUTH_TLS, CALL, MSG_ACCEPTED, REPLY } from "./constants.ts";
import type { RpcHeader } from "./message.ts";

/** "STARTTLS" */
const TOKEN: readonly number[] = [0x53, 0x54, 0x41, 0x52, 0x54, 0x54, 0x4c, 0x53];
const TLS_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
/** Content type, version, length, then the handshake type. RFC 8446 §5.1. */
const TLS_HEAD_LENGTH = 6;

/** A call that asks whether the server speaks TLS: NULL procedure, AUTH_TLS with nothing in it. */
export function isTlsProbe(header: RpcHeader): boolean {
  return (
    header.type === CALL &&
    header.procedure === 0 &&
    header.credFlavor === AUTH_TLS &&
    header.credLength === 0 &&
    header.verfFlavor === AUTH_NONE &&
    header.verfLength === 0
  );
}

/** A reply that says yes, whatever its accept_stat: AUTH_NONE verifier of eight bytes "STARTTLS". */
export function isStartTls(header: RpcHeader, bytes: Uint8Array): boolean {
  if (header.type !== REPLY || header.replyStat !== MSG_ACCEPTED) return false;
  if (header.verfFlavor !== AUTH_NONE || header.verfLength !== TOKEN.length) return false;
  for (let index = 0; index < TOKEN.length; index++) {
    if (bytes[header.verfStart + index] !== TOKEN[index]) return false;
  }
  return true;
}

/** Do these stream bytes begin a TLS handshake? Tells a connection captured from the ClientHello on. */
export function isClientHello(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < TLS_HEAD_LENGTH) return false;
  return bytes[start] === TLS_HANDSHAKE && bytes[start + 1] === 3 && bytes[start + 5] === CLIENT_HELLO;
}
