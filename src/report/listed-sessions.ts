import type { Analysis } from "../analysis/analysis.ts";
import { NFS4ERR_BADSESSION } from "../nfs4/constants.ts";
import type { ObservedSession } from "../session/observed-session.ts";

/** The sessions of a report, in order of appearance at each server; ids that only ever got BADSESSION are none. */
export function listedSessions(analysis: Analysis): ObservedSession[] {
  return analysis.servers.flatMap((server) => [...server.sessions.values()].filter(isListed));
}

/** Something other than refusals speaks for it. */
export function isListed({ isUnproven, sequenceErrors }: ObservedSession): boolean {
  return !isUnproven || sequenceErrors.size !== 1 || !sequenceErrors.has(NFS4ERR_BADSESSION);
}
