import type { callback_sec_parms4 } from "../../nfs4/types.ts";
import type { IncomingCall } from "../../requester/rpc-connection.ts";
import { AuthSys, parseAuthSys } from "../../rpc/auth-sys.ts";
import { AUTH_NONE, AUTH_SYS } from "../../rpc/constants.ts";

/** Whom a callback acts for, in words: `AUTH_SYS uid 7 gid 8 gids 9`. Stamp and machine name do not count. */
export function credentialText({ header, record }: IncomingCall): string {
  const { credFlavor, credStart, credLength } = header;
  if (credFlavor !== AUTH_SYS) return flavorText(credFlavor);
  const credential = new AuthSys();
  if (!parseAuthSys(record, credStart, credStart + credLength, credential)) return "a damaged AUTH_SYS";
  return authSysText(credential.uid, credential.gid, [...credential.gids.subarray(0, credential.gidCount)]);
}

/** The same of what a client offers. */
export function offeredText({ cb_secflavor, cbsp_sys_cred }: callback_sec_parms4): string {
  if (cbsp_sys_cred === undefined) return flavorText(cb_secflavor);
  return authSysText(cbsp_sys_cred.uid, cbsp_sys_cred.gid, cbsp_sys_cred.gids);
}

function authSysText(uid: number, gid: number, gids: readonly number[]): string {
  return `AUTH_SYS uid ${uid} gid ${gid}${gids.length === 0 ? "" : ` gids ${gids.join(",")}`}`;
}

function flavorText(flavor: number): string {
  return flavor === AUTH_NONE ? "AUTH_NONE" : `flavor ${flavor}`;
}
