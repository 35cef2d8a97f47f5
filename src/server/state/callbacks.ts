import type { stateid4 } from "../../nfs4/types.ts";
import type { ServedClient } from "../served-client.ts";

/** The SEQUENCE of a request that handed something out. */
export interface Creator {
  readonly sessionId: Uint8Array;
  readonly slotId: number;
  readonly seq: number;
}

/** What CB_RECALL is about. */
export interface Recall {
  readonly client: ServedClient;
  readonly stateid: stateid4;
  readonly fh: Uint8Array;
  readonly truncate: boolean;
  /** The OPEN that granted it: the callback may overtake its reply. RFC 8881 §2.10.6.3 */
  readonly created: Creator | null;
}

/** How state reaches the clients that hold it. */
export interface Callbacks {
  /** A back channel of the client works: what may have to be recalled can be granted. */
  canCall(client: ServedClient): boolean;
  /** `done` is told the status of CB_RECALL; null when the client cannot be reached. */
  recall(recall: Recall, done: (status: number | null) => void): void;
}
