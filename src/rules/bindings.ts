import { NFS4_OK, OP_BIND_CONN_TO_SESSION } from "../nfs4/constants.ts";
import { bindAnswer, isLegalBind } from "../session/connection.ts";
import type { Facts } from "../session/facts.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";

/** The result of EXCHANGE_ID demands BIND_CONN_TO_SESSION on each connection. RFC 8881 §18.35.3 */
export function isBindingEnforced(session: ObservedSession | null): boolean {
  return session?.client?.mustEnforce.has(OP_BIND_CONN_TO_SESSION) ?? false;
}

/** All that was ever said on the connection was captured in the clear: what it is bound to is known. */
export function isWhollySeen({ handshakeSeen, gapBytes, encrypted }: ObservedConnection): boolean {
  return handshakeSeen && gapBytes === 0 && encrypted === null;
}

/** What a BIND_CONN_TO_SESSION on a connection that had CHANNELS already asks for. RFC 8881 §18.34.3 */
export interface Rebind {
  readonly bound: number;
  /** The set that the connection has does not satisfy the wish: INVAL is due. */
  readonly demandsChange: boolean;
}

/** Null unless the connection was bound before, and it is certain to what. */
export function rebindOf({ call, args, bound, reply }: Facts["bind-conn-to-session"]): Rebind | null {
  if (reply === null || bound === null || bound === 0 || !isWhollySeen(call.connection)) return null;
  if (!isWish(args.direction)) return null;
  return { bound, demandsChange: bindAnswer(args.direction, bound, false).status !== NFS4_OK };
}

/** A value that channel_dir_from_client4 has. */
export function isWish(direction: number): boolean {
  return isLegalBind(direction, 1) || isLegalBind(direction, 2);
}
