import type { callback_sec_parms4 } from "../nfs4/types.ts";
import { AUTH_NONE, AUTH_SYS } from "../rpc/constants.ts";
import { type Auth, authSys, NO_AUTH } from "../rpc/write.ts";
import type { CallbackSecurity } from "../session/session.ts";
import { bytesOf } from "../xdr/text.ts";

/** What the client offers beyond these is not looked at. */
const OFFERS_MAX = 16;

/** The credential of callbacks: the first of those offered that can be had here; null: none. RFC 8881 §2.10.8.2 */
export function callbackCredential(offered: readonly callback_sec_parms4[]): Auth | null {
  for (const { cb_secflavor, cbsp_sys_cred } of offered.slice(0, OFFERS_MAX)) {
    if (cb_secflavor === AUTH_NONE) return NO_AUTH;
    if (cb_secflavor === AUTH_SYS && cbsp_sys_cred !== undefined) {
      const { stamp, machinename, uid, gid, gids } = cbsp_sys_cred;
      return authSys({ stamp, machineName: bytesOf(machinename), uid, gid, gids });
    }
  }
  return null;
}

/** What the session's model remembers of them. */
export function callbackSecurity(offered: readonly callback_sec_parms4[]): CallbackSecurity[] {
  return offered.slice(0, OFFERS_MAX).map(({ cb_secflavor, cbsp_sys_cred }) => ({
    flavor: cb_secflavor,
    principal: cbsp_sys_cred === undefined ? "" : `sys:${cbsp_sys_cred.uid}`,
  }));
}
