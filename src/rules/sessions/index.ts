import type { Rule } from "../rule.ts";
import { attrsRaised } from "./attrs-raised.ts";
import { backAttrsChanged } from "./back-attrs-changed.ts";
import { backChanBusy } from "./back-chan-busy.ts";
import { backChanGrantedNotBound } from "./back-chan-granted-not-bound.ts";
import { badsessionForLive } from "./badsession-for-live.ts";
import { channelTooSmall } from "./channel-too-small.ts";
import { createFlagsUndefined } from "./create-flags-undefined.ts";
import { createSessionConcurrent } from "./create-session-concurrent.ts";
import { createSessionCsrSeq } from "./create-session-csr-seq.ts";
import { createSessionFirstSeq } from "./create-session-first-seq.ts";
import { createSessionReplay } from "./create-session-replay.ts";
import { createSessionReplayDiffers } from "./create-session-replay-differs.ts";
import { createSessionSeq } from "./create-session-seq.ts";
import { createSessionStale } from "./create-session-stale.ts";
import { deadsessionNotRecovered } from "./deadsession-not-recovered.ts";
import { delayFromCache } from "./delay-from-cache.ts";
import { destroySessionPosition } from "./destroy-session-position.ts";
import { destroySessionUnboundConn } from "./destroy-session-unbound-conn.ts";
import { destroySessionWithOutstanding } from "./destroy-session-with-outstanding.ts";
import { fenceOpsBroken } from "./fence-ops-broken.ts";
import { flagsNotRequested } from "./flags-not-requested.ts";
import { flagsUndefinedEchoed } from "./flags-undefined-echoed.ts";
import { persistNotRequested } from "./persist-not-requested.ts";
import { serverAcceptedDeadSession } from "./server-accepted-dead-session.ts";
import { sessionCulledEarly } from "./session-culled-early.ts";
import { sessionIdReuse } from "./session-id-reuse.ts";
import { sessionIdleLeak } from "./session-idle-leak.ts";
import { sessionNeverDestroyed } from "./session-never-destroyed.ts";
import { staleClientidNotRecovered } from "./stale-clientid-not-recovered.ts";
import { toosmallNotReturned } from "./toosmall-not-returned.ts";
import { unknownSession } from "./unknown-session.ts";
import { useAfterClientidGone } from "./use-after-clientid-gone.ts";
import { useAfterDestroy } from "./use-after-destroy.ts";

/** Creation, use and end of sessions. RFC 8881 §18.36, §18.37 */
export const sessionRules: readonly Rule[] = [
  unknownSession,
  useAfterDestroy,
  useAfterClientidGone,
  deadsessionNotRecovered,
  serverAcceptedDeadSession,
  badsessionForLive,
  sessionCulledEarly,
  sessionIdReuse,
  createSessionSeq,
  createSessionFirstSeq,
  createSessionReplay,
  createSessionReplayDiffers,
  createSessionConcurrent,
  createSessionCsrSeq,
  createSessionStale,
  staleClientidNotRecovered,
  delayFromCache,
  attrsRaised,
  backAttrsChanged,
  flagsNotRequested,
  backChanGrantedNotBound,
  flagsUndefinedEchoed,
  persistNotRequested,
  createFlagsUndefined,
  channelTooSmall,
  toosmallNotReturned,
  destroySessionPosition,
  destroySessionUnboundConn,
  destroySessionWithOutstanding,
  fenceOpsBroken,
  backChanBusy,
  sessionNeverDestroyed,
  sessionIdleLeak,
];
