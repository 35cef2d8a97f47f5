import { callbackOperationNamed } from "../nfs4/callback-table.ts";
import type { Operation } from "../nfs4/operation.ts";
import type { CB_RECALL4args } from "../nfs4/ops/callback-delegation.ts";
import type { Registry } from "./registry.ts";
import type { ServedClient } from "./served-client.ts";
import type { Callbacks, Recall } from "./state/callbacks.ts";

const CB_RECALL = callbackOperationNamed("CB_RECALL") as Operation;

/** Callbacks to a client by whichever of its sessions can carry them. RFC 8881 §2.10.3 */
export class ClientCallbacks implements Callbacks {
  readonly #registry: () => Registry;

  /** The registry is another one after each restart. */
  constructor(registry: () => Registry) {
    this.#registry = registry;
  }

  canCall(client: ServedClient): boolean {
    return this.#registry()
      .sessionsOf(client)
      .some(({ backChannel }) => backChannel.isUp);
  }

  recall({ client, stateid, fh, truncate, created }: Recall, done: (status: number | null) => void): void {
    const registry = this.#registry();
    const sessions = registry.sessionsOf(client);
    // One that is down for a moment keeps the callback until its client has bound another connection.
    const session = sessions.find(({ backChannel }) => backChannel.isUp) ?? sessions[0];
    if (session === undefined) {
      done(null);
      return;
    }
    const creator = created === null ? null : registry.find(created.sessionId);
    const cause = created === null || creator === null ? null : { ...created, session: creator };
    const value: CB_RECALL4args = { stateid, truncate, fh };
    session.backChannel.send([{ operation: CB_RECALL, value }], cause, done);
  }
}
