import type { Facts } from "../session/facts.ts";

/**
 * The reply went to the successor of the call's connection: the same addresses and ports, after the first had ended.
 * Otherwise it went to a connection that has nothing to do with the call.
 */
export function isOnSuccessor({ call, connection }: Facts["reply-elsewhere"]): boolean {
  const sentOn = call.connection;
  return !sentOn.isOpen && sentOn.client === connection.client && sentOn.server === connection.server;
}
