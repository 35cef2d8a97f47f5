import {
  SEQ4_STATUS_BACKCHANNEL_FAULT,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
  SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
} from "../nfs4/constants.ts";
import type { Services } from "./context.ts";
import type { ServedSession } from "./served-session.ts";

/** sr_status_flags of a SEQUENCE on this session. RFC 8881 §18.46.3 */
export function statusFlags(services: Services, session: ServedSession): number {
  const { registry, grace, states, timers } = services;
  const { client, backChannel, model } = session;
  let flags = states.statusFlags(client);
  if (backChannel.hasFault) flags |= SEQ4_STATUS_BACKCHANNEL_FAULT;
  if (backChannel.isDown) {
    // Had it never had one, there would be nothing to repair.
    if (model.back !== null) flags |= SEQ4_STATUS_CB_PATH_DOWN_SESSION;
    if (registry.sessionsOf(client).every((each) => each.backChannel.isDown)) flags |= SEQ4_STATUS_CB_PATH_DOWN;
  }
  if (grace.isReclaimNeeded(client, timers.nowNanos())) flags |= SEQ4_STATUS_RESTART_RECLAIM_NEEDED;
  return flags;
}
