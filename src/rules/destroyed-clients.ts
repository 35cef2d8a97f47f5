import type { Facts } from "../session/facts.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { doubtsOf } from "./client-doubts.ts";
import { lastKnownAt } from "./lease-state.ts";
import type { DowngradeCode, Handlers, Report, RuleContext } from "./rule.ts";
import { subject } from "./subject.ts";

/** What speaks against destroying a client ID. RFC 8881 §18.50.3 */
export interface ClientUse {
  readonly subject: Pick<Report, "call" | "session" | "connection" | "client">;
  /** Sessions that were seen to begin, and whose end nobody asked for. */
  readonly live: readonly ObservedSession[];
  /** The SEQUENCE in front belongs to the same client ID. */
  readonly isUnderItself: boolean;
  /** The server knew of it within the lease. */
  readonly isProven: boolean;
  readonly doubts: readonly DowngradeCode[];
  /** Since when a DESTROY_SESSION could be missing. */
  readonly since: number;
}

/** Knows which sessions a DESTROY_CLIENTID finds, those excepted that the client asked to be destroyed. */
export class DestroyedClients {
  readonly #context: RuleContext;
  readonly #asked = new WeakSet<ObservedSession>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  readonly handlers: Handlers = {
    // Its reply may come late, or on another connection.
    "destroy-session-call": ({ session }) => {
      if (session !== null) this.#asked.add(session);
    },
  };

  /** Null when nothing is known of the client ID. */
  useOf({ call, client }: Facts["destroy-clientid"]): ClientUse | null {
    if (client === null || client.ended !== null || client.isNumberShared) return null;
    const live = client.sessions.filter(
      (session) => session.isLive && session.created !== null && !this.#asked.has(session),
    );
    const recent = live.filter((session) => call.at - lastKnownAt(session) < client.server.leaseNanos);
    const isUnderItself = call.slotId >= 0 && call.session?.client === client;
    return {
      subject: { ...subject(call, isUnderItself ? call.session : null), client },
      live,
      isUnderItself,
      isProven: isUnderItself || recent.length > 0,
      doubts: doubtsOf(client, this.#context),
      since: isUnderItself ? call.at : Math.min(call.at, ...live.map(lastKnownAt)),
    };
  }
}
