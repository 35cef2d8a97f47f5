import type { callback_sec_parms4 } from "../../nfs4/types.ts";
import type { IncomingCall } from "../../requester/rpc-connection.ts";
import { AuthSys, parseAuthSys } from "../../rpc/auth-sys.ts";
import { AUTH_NONE, AUTH_SYS } from "../../rpc/constants.ts";

/** Whom a callback acts for. Stamp and machine name do not count. */
export interface CallbackCredential {
  /** Flavor and user: what has to be among those offered. RFC 8881 §2.10.8.2 */
  readonly principal: string;
  /** The groups as well: `AUTH_SYS uid 7 gid 8 gids 9`. */
  readonly text: string;
}

export function usedCredential({ header, record }: IncomingCall): CallbackCredential {
  const { credFlavor, credStart, credLength } = header;
  if (credFlavor !== AUTH_SYS) return ofFlavor(credFlavor);
  const read = new AuthSys();
  if (!parseAuthSys(record, credStart, credStart + credLength, read)) return ofFlavor(AUTH_SYS);
  return ofUser(read.uid, read.gid, [...read.gids.subarray(0, read.gidCount)]);
}

export function offeredCredential({ cb_secflavor, cbsp_sys_cred }: callback_sec_parms4): CallbackCredential {
  if (cbsp_sys_cred === undefined) return ofFlavor(cb_secflavor);
  return ofUser(cbsp_sys_cred.uid, cbsp_sys_cred.gid, cbsp_sys_cred.gids);
}

function ofUser(uid: number, gid: number, gids: readonly number[]): CallbackCredential {
  const principal = `AUTH_SYS uid ${uid}`;
  return { principal, text: `${principal} gid ${gid}${gids.length === 0 ? "" : ` gids ${gids.join(",")}`}` };
}

function ofFlavor(flavor: number): CallbackCredential {
  const text = flavor === AUTH_NONE ? "AUTH_NONE" : flavor === AUTH_SYS ? "a damaged AUTH_SYS" : `flavor ${flavor}`;
  return { principal: text, text };
}
