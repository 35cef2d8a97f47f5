import type { ObservedClient } from "../session/observed-client.ts";
import { bytesOfHex, escapeUtf8 } from "../text/escape.ts";

/** A client as `analyze --format json` prints it; `owner` is for reading, `ownerHex` is exact. */
export function jsonClient(client: ObservedClient) {
  const { ownerHex } = client;
  return {
    clientId: `0x${client.clientId}`,
    server: client.server.endpoint,
    owner: ownerHex === null ? null : escapeUtf8(bytesOfHex(ownerHex)),
    ownerHex,
    verifier: client.verifier,
    confirmed: client.confirmed,
    addresses: [...client.addresses],
    sessions: client.sessions.map(({ id }) => id),
  };
}
