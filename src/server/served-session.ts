import type { Auth } from "../rpc/write.ts";
import type { ServerSession } from "../session/session.ts";
import type { BackChannel } from "./back-channel.ts";
import type { ServedClient } from "./served-client.ts";

/** A session of this server: the model, and what the model has no use for. */
export interface ServedSession {
  /** Its reply cache holds encoded COMPOUND results. */
  readonly model: ServerSession<Uint8Array>;
  readonly client: ServedClient;
  readonly backChannel: BackChannel;
  /** Credential for callbacks, the first of csa_sec_parms that can be had; null: none can. */
  callbackCred: Auth | null;
  /** Slots that the client was granted at first: what it may have again when others leave. */
  readonly slotsGranted: number;
}
