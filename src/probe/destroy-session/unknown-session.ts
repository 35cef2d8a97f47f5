import { NFS4ERR_BADSESSION, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { type Answer, firstStatus, sequenceOk } from "../answers.ts";
import type { Exchange } from "../exchange.ts";
import type { ProbeSession } from "../probe-session.ts";

/** A session that is live after all takes offence, and no harm: the sequence ids of its slot are hardly as far. */
const FAR_SEQ = 0x5eed_5eed;

const misordered = firstStatus(NFS4ERR_SEQ_MISORDERED);

export const badSession: Answer = firstStatus(NFS4ERR_BADSESSION);

/** SEQUENCE for a session that should not exist. */
export function askFor(session: ProbeSession, sessionId: Uint8Array): Promise<Exchange> {
  return session.sequence(FAR_SEQ, 0, { sessionId });
}

/** There is such a session. */
export function isKnown(exchange: Exchange): boolean {
  return misordered.fits(exchange) || sequenceOk.fits(exchange);
}
