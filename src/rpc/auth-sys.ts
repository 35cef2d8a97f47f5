/** AUTH_SYS credentials, and who a call acts for. RFC 5531 appendix A; RFC 8881 §2.10.6.1.3.1. */
import { wordView } from "../xdr/word-view.ts";
import { AUTH_NONE, AUTH_SYS } from "./constants.ts";
import type { RpcHeader } from "./message.ts";
import { padded, u32 } from "./u32.ts";

const MACHINE_NAME_MAX = 255;
/** authsys_parms has gids<16>. */
export const AUTH_SYS_GIDS_MAX = 16;

/** The call acts for nobody. */
export const PRINCIPAL_NONE = -1;
/** The call acts for somebody the capture does not name: a GSS context's user, an AUTH_SHORT shorthand, a broken credential. */
export const PRINCIPAL_UNKNOWN = -2;

/** authsys_parms without its stamp, which is arbitrary and says nothing of the user. */
export class AuthSys {
  uid = 0;
  gid = 0;
  gidCount = 0;
  readonly gids = new Uint32Array(AUTH_SYS_GIDS_MAX);
  /** Physical position of the machine name. */
  machineNameStart = 0;
  machineNameLength = 0;
}

/** Reads the credential body `bytes[start, end)`; false when it is no authsys_parms. */
export function parseAuthSys(bytes: Uint8Array, start: number, end: number, into: AuthSys): boolean {
  const ids = idsAt(bytes, start, end);
  if (ids < 0 || end - ids < 12) return false;
  const count = u32(bytes, ids + 8);
  if (count > AUTH_SYS_GIDS_MAX || end - ids !== 12 + 4 * count) return false;
  into.machineNameStart = start + 8;
  into.machineNameLength = u32(bytes, start + 4);
  into.uid = u32(bytes, ids);
  into.gid = u32(bytes, ids + 4);
  into.gidCount = count;
  for (let index = 0; index < count; index++) into.gids[index] = u32(bytes, ids + 12 + 4 * index);
  return true;
}

/**
 * The user a call acts for: the uid of AUTH_SYS, PRINCIPAL_NONE, or PRINCIPAL_UNKNOWN. Stamp, machine name and groups
 * make no other user, and a GSS handle is no identity: a new context may belong to the same user.
 */
export function principal(header: RpcHeader, bytes: Uint8Array): number {
  if (header.credFlavor === AUTH_NONE) return PRINCIPAL_NONE;
  if (header.credFlavor !== AUTH_SYS) return PRINCIPAL_UNKNOWN;
  const end = header.credStart + header.credLength;
  const ids = idsAt(bytes, header.credStart, end);
  return ids < 0 || end - ids < 4 ? PRINCIPAL_UNKNOWN : wordView(bytes).getUint32(ids);
}

/** Where uid, gid and gids start: behind stamp and machine name. -1 when the name does not fit. */
function idsAt(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return -1;
  const nameLength = wordView(bytes).getUint32(start + 4);
  if (nameLength > MACHINE_NAME_MAX) return -1;
  const at = start + 8 + padded(nameLength);
  return at <= end ? at : -1;
}
