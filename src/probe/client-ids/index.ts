import type { Probe } from "../probe.ts";
import { dcid } from "./dcid.ts";
import { eidBadflags } from "./eid-badflags.ts";
import { eidBasic } from "./eid-basic.ts";
import { eidCases } from "./eid-cases.ts";
import { eidNewVerifierEarly } from "./eid-new-verifier-early.ts";
import { eidNotOnly } from "./eid-not-only.ts";

/** How client IDs come and go. */
export const clientIdProbes: readonly Probe[] = [
  eidBasic,
  eidBadflags,
  eidCases,
  eidNotOnly,
  eidNewVerifierEarly,
  dcid,
];
