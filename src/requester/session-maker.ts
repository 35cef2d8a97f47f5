import {
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  statusName,
} from "../nfs4/constants.ts";
import { nextSeq } from "../session/slot.ts";
import { pause } from "./connection-pool.ts";
import type { Answer, Requester } from "./requester.ts";
import type { RequesterSession } from "./requester-session.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import { outcomeText } from "./rpc-outcome.ts";
import type { SessionWishes } from "./session-calls.ts";

/** Calls made for one session, all remedies included. */
const ATTEMPTS_MAX = 40;
const PAUSE_MILLIS_MIN = 20;
const PAUSE_MILLIS_MAX = 2000;

/** A session, or why there is none. */
export type MadeSession =
  | { readonly session: RequesterSession; readonly isNewClient: boolean }
  | { readonly session: null; readonly why: string };

/**
 * Makes a session, and a client ID where the server knows none or has forgotten it. `connection` gives one to send on,
 * null when the server is out of reach.
 */
export function makeSession(
  requester: Requester,
  wishes: Partial<SessionWishes>,
  connection: () => Promise<RpcConnection | null>,
): Promise<MadeSession> {
  return requester.inTurn(async () => {
    let isNewClient = false;
    let why = "";
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (attempt > 0) await pause(requester.timers, Math.min(PAUSE_MILLIS_MIN * 2 ** (attempt - 1), PAUSE_MILLIS_MAX));
      const path = await connection();
      if (path === null) return { session: null, why: "the server is out of reach" };
      if (requester.clientId === null) {
        const answer = await requester.exchangeId(path);
        why = whyNot("EXCHANGE_ID", answer);
        if (isFinal(answer)) return { session: null, why };
        if (answer.status !== NFS4_OK) continue;
        isNewClient = true;
      }
      const created = await requester.createSession(path, wishes);
      if (created.session !== null) return { session: created.session, isNewClient };
      why = whyNot("CREATE_SESSION", created);
      if (isFinal(created)) return { session: null, why };
      isNewClient = amend(requester, created) || isNewClient;
    }
    return { session: null, why };
  });
}

/** Sets right what the server objected to. True when the client ID has to be had anew. */
function amend(requester: Requester, { status }: Answer<unknown>): boolean {
  switch (status) {
    case NFS4ERR_STALE_CLIENTID:
      requester.clientId = null;
      return true;
    case NFS4ERR_SEQ_MISORDERED:
      // Servers disagree on whether a failed CREATE_SESSION counts. RFC 8881 §18.36.4
      requester.createSequence = nextSeq(requester.createSequence);
      return false;
    default:
      return false;
  }
}

/** No use in asking again. */
function isFinal({ outcome, status }: Answer<unknown>): boolean {
  if (outcome.kind !== "reply") return outcome.kind === "refused";
  const canHelp = [NFS4_OK, NFS4ERR_DELAY, NFS4ERR_STALE_CLIENTID, NFS4ERR_SEQ_MISORDERED];
  return !canHelp.includes(status ?? outcome.reply.status);
}

function whyNot(what: string, { outcome, status }: Answer<unknown>): string {
  if (outcome.kind !== "reply") return `${what}: ${outcomeText(outcome)}`;
  return `${what}: ${statusName(status ?? outcome.reply.status)}`;
}
