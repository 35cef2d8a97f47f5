import type { ObservedClient } from "../session/observed-client.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { DowngradeCode, RuleContext } from "./rule.ts";

/**
 * What may hide something that a client sent: connections outside the capture, encrypted or cut messages. For reports
 * of what a client did not do, on whichever of its sessions.
 */
export function doubtsOf(client: ObservedClient, { connections, capture }: RuleContext): DowngradeCode[] {
  const codes: DowngradeCode[] = [];
  if (client.sessions.some(({ otherPaths }) => otherPaths !== null)) codes.push("H");
  if (isPartlyEncrypted(client, connections)) codes.push("P");
  if (capture.firstTruncated !== null) codes.push("T");
  return codes;
}

function isPartlyEncrypted(client: ObservedClient, connections: Iterable<ObservedConnection>): boolean {
  for (const { encrypted, clientAddress } of connections)
    if (encrypted !== null && client.addresses.has(clientAddress)) return true;
  return false;
}
