import {
  EXCHGID4_FLAG_BIND_PRINC_STATEID,
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_MASK_PNFS,
  EXCHGID4_FLAG_SUPP_FENCE_OPS,
  EXCHGID4_FLAG_SUPP_MOVED_MIGR,
  EXCHGID4_FLAG_SUPP_MOVED_REFER,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  EXCHGID4_FLAG_USE_NON_PNFS,
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_ENCR_ALG_UNSUPP,
  NFS4ERR_INVAL,
} from "../../nfs4/constants.ts";
import {
  DESTROY_CLIENTID4args,
  DESTROY_CLIENTID4res,
  EXCHANGE_ID4args,
  EXCHANGE_ID4res,
  RECLAIM_COMPLETE4args,
  RECLAIM_COMPLETE4res,
  state_protect_how4,
} from "../../nfs4/ops/session.ts";
import { type ClientProperties, SP4_NONE } from "../../session/client.ts";
import type { CompoundContext } from "../context.ts";
import { handler } from "../handler.ts";
import { IMPLEMENTATION } from "../identity.ts";
import { refuse } from "../refusal.ts";

const { SP4_MACH_CRED, SP4_SSV } = state_protect_how4.table;

/** The only file system there is. */
const FILE_SYSTEM = "/";
/** eir_sequenceid of a new client ID. */
const FIRST_SEQUENCE = 1;

const KNOWN_FLAGS =
  EXCHGID4_FLAG_SUPP_MOVED_REFER |
  EXCHGID4_FLAG_SUPP_MOVED_MIGR |
  EXCHGID4_FLAG_SUPP_FENCE_OPS |
  EXCHGID4_FLAG_BIND_PRINC_STATEID |
  EXCHGID4_FLAG_MASK_PNFS |
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A;

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function exchangeId(context: CompoundContext, args: EXCHANGE_ID4args): EXCHANGE_ID4res {
  const { registry, identity, timers, options } = context.services;
  refuseUnknownWishes(args);
  const { co_ownerid, co_verifier } = args.eia_clientowner;
  const properties: ClientProperties = {
    ownerId: hex(co_ownerid),
    verifier: hex(co_verifier),
    principal: context.user.principal,
    minorVersion: context.minorVersion,
    flags: EXCHGID4_FLAG_USE_NON_PNFS,
    stateProtect: SP4_NONE,
  };
  if (registry.clients.count >= options.clientsMax) {
    registry.expire(timers.nowNanos());
    if (registry.clients.count >= options.clientsMax) refuse(NFS4ERR_DELAY);
  }
  const isUpdate = (args.eia_flags & EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) !== 0;
  const answer = registry.clients.exchangeId(properties, isUpdate, FIRST_SEQUENCE, timers.nowNanos());
  if (answer.deleted !== null) registry.forget(answer.deleted);
  const { client } = answer;
  if (answer.status !== NFS4_OK || client === null) return refuse(answer.status);
  const flags = EXCHGID4_FLAG_USE_NON_PNFS | (client.isConfirmed ? EXCHGID4_FLAG_CONFIRMED_R : 0);
  return {
    eir_status: NFS4_OK,
    eir_resok4: {
      eir_clientid: client.clientId,
      eir_sequenceid: client.createSession.nextSeq,
      eir_flags: flags >>> 0,
      eir_state_protect: { spr_how: state_protect_how4.table.SP4_NONE as number },
      eir_server_owner: { so_minor_id: 0n, so_major_id: identity.majorId },
      eir_server_scope: identity.scope,
      eir_server_impl_id: [
        { nii_domain: IMPLEMENTATION.domain, nii_name: IMPLEMENTATION.name, nii_date: { seconds: 0n, nseconds: 0 } },
      ],
    },
  };
}

/** RFC 8881 §18.35.3: undefined flags and protection that needs RPCSEC_GSS, which is not to be had here. */
function refuseUnknownWishes(args: EXCHANGE_ID4args): void {
  if ((args.eia_flags & ~KNOWN_FLAGS) !== 0) refuse(NFS4ERR_INVAL);
  const { spa_how } = args.eia_state_protect;
  // "SP4_MACH_CRED … the server MUST return NFS4ERR_INVAL" where the request itself is not under RPCSEC_GSS.
  if (spa_how === SP4_MACH_CRED) refuse(NFS4ERR_INVAL);
  if (spa_how === SP4_SSV) refuse(NFS4ERR_ENCR_ALG_UNSUPP);
}

/** Client IDs: how they come, how they go, and when they are done reclaiming. */
export const clientIdHandlers = [
  handler("EXCHANGE_ID", EXCHANGE_ID4args, EXCHANGE_ID4res, exchangeId),
  handler("DESTROY_CLIENTID", DESTROY_CLIENTID4args, DESTROY_CLIENTID4res, (context, { dca_clientid }) => {
    const { registry, timers } = context.services;
    const client = registry.clients.get(dca_clientid);
    const own = context.sequence?.client.clientId ?? null;
    const status = registry.clients.destroyClientId(dca_clientid, own, timers.nowNanos());
    if (status === NFS4_OK && client !== null) registry.forget(client);
    return { dcr_status: status };
  }),
  handler("RECLAIM_COMPLETE", RECLAIM_COMPLETE4args, RECLAIM_COMPLETE4res, (context, { rca_one_fs }) => {
    // With rca_one_fs the current filehandle names the file system. §18.51.3
    if (rca_one_fs) {
      void context.current;
      return { rcr_status: context.client.reclaim.complete(FILE_SYSTEM) };
    }
    const status = context.client.reclaim.complete(null);
    if (status === NFS4_OK) context.services.grace.complete(context.client);
    return { rcr_status: status };
  }),
];
