import type { Rule } from "../rule.ts";
import { clientidLiveReuse } from "./clientid-live-reuse.ts";
import { clientidTwoIncarnations } from "./clientid-two-incarnations.ts";
import { clientidUnconfirmedUse } from "./clientid-unconfirmed-use.ts";
import { confirmedLostEarly } from "./confirmed-lost-early.ts";
import { destroyClientidAcceptedBusy } from "./destroy-clientid-accepted-busy.ts";
import { destroyClientidBusy } from "./destroy-clientid-busy.ts";
import { exchangeIdBadFlags } from "./exchange-id-bad-flags.ts";
import { exchangeIdFlagWrong } from "./exchange-id-flag-wrong.ts";
import { exchangeIdUpdateCase } from "./exchange-id-update-case.ts";
import { expiredStatusOnSequence } from "./expired-status-on-sequence.ts";
import { leaseExpiredUse } from "./lease-expired-use.ts";
import { leaseUnrenewedIdle } from "./lease-unrenewed-idle.ts";
import { newClientidStorm } from "./new-clientid-storm.ts";
import { ownerCollision } from "./owner-collision.ts";
import { reclaimAfterComplete } from "./reclaim-after-complete.ts";
import { reclaimCompleteMissing } from "./reclaim-complete-missing.ts";
import { reclaimCompleteNotEnforced } from "./reclaim-complete-not-enforced.ts";
import { reclaimCompleteTwice } from "./reclaim-complete-twice.ts";
import { trunkIdentityMismatch } from "./trunk-identity-mismatch.ts";
import { wrongCred } from "./wrong-cred.ts";

/** Client owners, client IDs and their leases. RFC 8881 §2.4, §8.3, §18.35, §18.50, §18.51 */
export const clientRules: readonly Rule[] = [
  exchangeIdBadFlags,
  exchangeIdFlagWrong,
  exchangeIdUpdateCase,
  clientidTwoIncarnations,
  clientidLiveReuse,
  confirmedLostEarly,
  ownerCollision,
  clientidUnconfirmedUse,
  destroyClientidBusy,
  destroyClientidAcceptedBusy,
  leaseExpiredUse,
  leaseUnrenewedIdle,
  expiredStatusOnSequence,
  reclaimCompleteMissing,
  reclaimCompleteNotEnforced,
  reclaimCompleteTwice,
  reclaimAfterComplete,
  trunkIdentityMismatch,
  wrongCred,
  newClientidStorm,
];
