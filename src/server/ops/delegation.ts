import { NFS4_OK, NFS4ERR_NOTDIR, NFS4ERR_NOTSUPP } from "../../nfs4/constants.ts";
import {
  DELEGPURGE4args,
  DELEGPURGE4res,
  DELEGRETURN4args,
  DELEGRETURN4res,
  GET_DIR_DELEGATION4args,
  GET_DIR_DELEGATION4res,
  gddrnf4_status,
  WANT_DELEGATION4args,
  WANT_DELEGATION4res,
} from "../../nfs4/ops/delegation.ts";
import { FREE_STATEID4args, FREE_STATEID4res, TEST_STATEID4args, TEST_STATEID4res } from "../../nfs4/ops/session.ts";
import { handler } from "../handler.ts";
import { refuse } from "../refusal.ts";

const { GDD4_UNAVAIL } = gddrnf4_status.table as Record<"GDD4_UNAVAIL", number>;

/** Delegations given back, and what has become of state. */
export const delegationHandlers = [
  handler("DELEGRETURN", DELEGRETURN4args, DELEGRETURN4res, (context, { deleg_stateid }) => {
    const { states } = context.services;
    states.delegations.drop(states.resolveAs(context, deleg_stateid, "delegation"));
    return { status: NFS4_OK };
  }),
  handler("TEST_STATEID", TEST_STATEID4args, TEST_STATEID4res, ({ services, client }, { ts_stateids }) => ({
    tsr_status: NFS4_OK,
    tsr_resok4: { tsr_status_codes: ts_stateids.map((stateid) => services.states.test(client, stateid)) },
  })),
  handler("FREE_STATEID", FREE_STATEID4args, FREE_STATEID4res, (context, { fsa_stateid }) => ({
    fsr_status: context.services.states.free(context, fsa_stateid),
  })),
  // Delegations do not survive their client, so that none wait to be reclaimed or purged. RFC 8881 §18.5.3
  handler("DELEGPURGE", DELEGPURGE4args, DELEGPURGE4res, () => refuse(NFS4ERR_NOTSUPP)),
  handler("WANT_DELEGATION", WANT_DELEGATION4args, WANT_DELEGATION4res, () => refuse(NFS4ERR_NOTSUPP)),
  handler("GET_DIR_DELEGATION", GET_DIR_DELEGATION4args, GET_DIR_DELEGATION4res, ({ current }) => {
    if (!current.isDirectory) refuse(NFS4ERR_NOTDIR);
    const gddr_res_non_fatal4 = { gddrnf_status: GDD4_UNAVAIL, gddrnf_will_signal_deleg_avail: false };
    return { gddr_status: NFS4_OK, gddr_res_non_fatal4 };
  }),
];
