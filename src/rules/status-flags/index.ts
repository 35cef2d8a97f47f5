import type { Rule } from "../rule.ts";
import { leaseRenewedDespiteExpired } from "./lease-renewed-despite-expired.ts";
import { statusFlagBackchannelFaultIgnored } from "./status-flag-backchannel-fault-ignored.ts";
import { statusFlagCbPathDownIgnored } from "./status-flag-cb-path-down-ignored.ts";
import { statusFlagDevidIgnored } from "./status-flag-devid-ignored.ts";
import { statusFlagFlapping } from "./status-flag-flapping.ts";
import { statusFlagGssIgnored } from "./status-flag-gss-ignored.ts";
import { statusFlagLeaseMovedIgnored } from "./status-flag-lease-moved-ignored.ts";
import { statusFlagMissing } from "./status-flag-missing.ts";
import { statusFlagReclaimNeededIgnored } from "./status-flag-reclaim-needed-ignored.ts";
import { statusFlagScope } from "./status-flag-scope.ts";
import { statusFlagStateRevokedIgnored } from "./status-flag-state-revoked-ignored.ts";
import { statusFlagStuck } from "./status-flag-stuck.ts";
import { statusFlagUndefined } from "./status-flag-undefined.ts";

/** What replies say in sr_status_flags, and what clients make of it. RFC 8881 §18.46.3 */
export const statusFlagRules: readonly Rule[] = [
  statusFlagCbPathDownIgnored,
  statusFlagGssIgnored,
  statusFlagStateRevokedIgnored,
  statusFlagLeaseMovedIgnored,
  statusFlagReclaimNeededIgnored,
  statusFlagBackchannelFaultIgnored,
  statusFlagDevidIgnored,
  statusFlagStuck,
  statusFlagFlapping,
  statusFlagUndefined,
  statusFlagMissing,
  statusFlagScope,
  leaseRenewedDespiteExpired,
];
