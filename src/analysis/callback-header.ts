import { AuthSys, parseAuthSys } from "../rpc/auth-sys.ts";
import { AUTH_SYS } from "../rpc/constants.ts";
import type { RpcHeader } from "../rpc/message.ts";
import type { CallbackHeader } from "../session/callback-header.ts";

const authSys = new AuthSys();

/** Program and credential of a callback, in the model's words. */
export function callbackHeader(header: RpcHeader, bytes: Uint8Array): CallbackHeader {
  const { program, version, credFlavor } = header;
  return { program, version, credential: { flavor: credFlavor, ids: idsOf(header, bytes) } };
}

function idsOf({ credFlavor, credStart, credLength }: RpcHeader, bytes: Uint8Array): number[] | null {
  if (credFlavor !== AUTH_SYS || !parseAuthSys(bytes, credStart, credStart + credLength, authSys)) return null;
  const { uid, gid, gids, gidCount } = authSys;
  return [uid, gid, ...gids.subarray(0, gidCount)];
}
