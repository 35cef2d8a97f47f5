import type { Call } from "../session/call.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { NewestEntries } from "./newest-entries.ts";

/** Pairs of a client's and a server's address that are remembered; the one that acted longest ago is let go. */
const PATHS_MAX = 4096;

/**
 * When each client last did something. Whose a call without SEQUENCE is can be told by its addresses only, which may
 * be shared by several clients: all of them count as having acted.
 */
export class Acts {
  readonly #lastByPath = new NewestEntries<string, number>(PATHS_MAX);

  note({ connection, at }: Call): void {
    this.noteOn(connection, at);
  }

  noteOn(connection: ObservedConnection, at: number): void {
    this.#lastByPath.set(pathOf(connection), at);
  }

  /** Looked up on the connections of all of the client's sessions. */
  lastOf(session: ObservedSession): number {
    let last = Number.NEGATIVE_INFINITY;
    let seen: ObservedConnection | null = null;
    for (const { connections } of session.client?.sessions ?? [session]) {
      for (const connection of connections.keys()) {
        // Most have the same: a client may have thousands.
        if (connection.clientAddress === seen?.clientAddress && connection.server === seen.server) continue;
        seen = connection;
        const at = this.#lastByPath.get(pathOf(connection));
        if (at !== undefined && at > last) last = at;
      }
    }
    return last;
  }
}

function pathOf({ clientAddress, server }: ObservedConnection): string {
  return `${clientAddress} ${server}`;
}
