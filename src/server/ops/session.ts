import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  CREATE_SESSION4_FLAG_CONN_RDMA,
  CREATE_SESSION4_FLAG_PERSIST,
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DELAY,
  NFS4ERR_INVAL,
  NFS4ERR_NOENT,
  NFS4ERR_NOSPC,
  NFS4ERR_SERVERFAULT,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_TOOSMALL,
} from "../../nfs4/constants.ts";
import {
  BACKCHANNEL_CTL4args,
  BACKCHANNEL_CTL4res,
  BIND_CONN_TO_SESSION4args,
  BIND_CONN_TO_SESSION4res,
  CREATE_SESSION4args,
  CREATE_SESSION4res,
  type CREATE_SESSION4resok,
  DESTROY_SESSION4args,
  DESTROY_SESSION4res,
  SET_SSV4args,
  SET_SSV4res,
} from "../../nfs4/ops/session.ts";
import { type ChannelAttributes, fromWire, negotiate, toWire } from "../../session/channel-attributes.ts";
import { destroySessionFault } from "../../session/compound-position.ts";
import { CHANNELS } from "../../session/connection.ts";
import { callbackCredential, callbackSecurity } from "../callback-credential.ts";
import type { CompoundContext } from "../context.ts";
import { handler } from "../handler.ts";
import { backLimits, foreLimits } from "../options.ts";
import { refuse } from "../refusal.ts";
import type { ServedClient } from "../served-client.ts";
import type { ServedSession } from "../served-session.ts";

const KNOWN_FLAGS = CREATE_SESSION4_FLAG_PERSIST | CREATE_SESSION4_FLAG_CONN_BACK_CHAN | CREATE_SESSION4_FLAG_CONN_RDMA;

/** The phases of RFC 8881 §18.36.4: 1 to 3 are the client table's, 4 is `makeSession`. */
function createSession(context: CompoundContext, args: CREATE_SESSION4args): CREATE_SESSION4res {
  const { registry, hooks } = context.services;
  const { clients } = registry;
  // A client ID belongs to the minor version of its EXCHANGE_ID. RFC 8881 §2.7, item 13
  const owner = clients.get(args.csa_clientid);
  if (owner !== null && owner.properties.minorVersion !== context.minorVersion) refuse(NFS4ERR_STALE_CLIENTID);
  const decision = clients.beginCreateSession(args.csa_clientid, args.csa_sequence, context.user.principal);
  const { client } = decision;
  if (client === null) return decision.cached ?? refuse(decision.status);
  let result: CREATE_SESSION4res = { csr_status: NFS4ERR_SERVERFAULT };
  try {
    const made = decision.status === NFS4_OK ? makeSession(context, client, args) : decision.status;
    if (typeof made === "number") result = { csr_status: made };
    else {
      const session = registry.find(made.csr_sessionid) as ServedSession;
      result = { csr_status: NFS4_OK, csr_resok4: hooks.created?.(made, args, session) ?? made };
    }
  } finally {
    const replaced = clients.finishCreateSession(client, result.csr_status, result);
    if (replaced !== null) registry.forget(replaced);
  }
  return result;
}

/** The result, or the status that says why there is none. */
function makeSession(
  context: CompoundContext,
  client: ServedClient,
  args: CREATE_SESSION4args,
): CREATE_SESSION4resok | number {
  const { registry, options } = context.services;
  if ((args.csa_flags & ~KNOWN_FLAGS) !== 0) return NFS4ERR_INVAL;
  const fore = { requested: fromWire(args.csa_fore_chan_attrs) };
  const slots = registry.slotsToGrant(fore.requested.maxRequests);
  if (slots === 0) return NFS4ERR_NOSPC;
  const back = { requested: fromWire(args.csa_back_chan_attrs) };
  const foreGranted = negotiate(fore.requested, foreLimits(options, slots), "fore");
  const callbackCred = callbackCredential(args.csa_sec_parms);
  const asksBack = (args.csa_flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0;
  const wantsBack = asksBack && callbackCred !== null && canCarryCallbacks(back.requested);
  // What the client says of a back channel that it will not have is of no account.
  const backGranted = negotiate(back.requested, backLimits(options), "back") ?? (wantsBack ? null : back.requested);
  if (foreGranted === null || backGranted === null) return NFS4ERR_TOOSMALL;
  const flags = wantsBack ? CREATE_SESSION4_FLAG_CONN_BACK_CHAN : 0;
  const session = registry.addSession({
    client,
    clientId: client.clientId,
    minorVersion: context.minorVersion,
    flagsRequested: args.csa_flags,
    flags,
    fore: { ...fore, granted: foreGranted },
    back: { ...back, granted: backGranted },
    callbackProgram: args.csa_cb_program,
    callbackSecurity: callbackSecurity(args.csa_sec_parms),
    callbackCred,
  });
  session.model.created(context.connection, wantsBack);
  registry.associate(context.connection, session);
  if (wantsBack) session.backChannel.connectionBound(context.connection);
  client.lease.renew(context.services.timers.nowNanos());
  return {
    csr_sessionid: session.model.record.id,
    csr_sequence: args.csa_sequence,
    csr_flags: flags,
    csr_fore_chan_attrs: toWire(foreGranted),
    csr_back_chan_attrs: toWire(backGranted),
  };
}

function destroySession(context: CompoundContext, id: Uint8Array): void {
  const { registry } = context.services;
  const session = registry.find(id) ?? refuse(NFS4ERR_BADSESSION);
  const isOwn = context.sequence?.session === session;
  const fault = destroySessionFault(context.index, context.operationCount, isOwn);
  if (fault !== null) refuse(fault.status);
  // "DESTROY_SESSION MUST be invoked on a connection that is associated with the session being destroyed." §18.37.3
  if (session.model.connections.get(context.connection) === null) refuse(NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
  const others = session.model.fore.busySlots - (isOwn ? 1 : 0);
  if (others > 0) refuse(NFS4ERR_DELAY);
  registry.destroySession(session);
}

function bind(context: CompoundContext, args: BIND_CONN_TO_SESSION4args): BIND_CONN_TO_SESSION4res {
  const { registry, timers } = context.services;
  const session = registry.find(args.bctsa_sessid) ?? refuse(NFS4ERR_BADSESSION);
  if (session.model.record.minorVersion !== context.minorVersion) refuse(NFS4ERR_BADSESSION);
  const { status, channels } = session.model.bind(
    context.connection,
    args.bctsa_dir,
    canCallBack(session),
    timers.nowNanos(),
  );
  if (status !== NFS4_OK) refuse(status);
  registry.associate(context.connection, session);
  if ((channels & CHANNELS.back) !== 0 && canCallBack(session)) session.backChannel.connectionBound(context.connection);
  return {
    bctsr_status: NFS4_OK,
    bctsr_resok4: { bctsr_sessid: args.bctsa_sessid, bctsr_dir: channels, bctsr_use_conn_in_rdma_mode: false },
  };
}

function canCallBack({ callbackCred, model }: ServedSession): boolean {
  return callbackCred !== null && canCarryCallbacks(model.record.back.granted);
}

/** A callback is CB_SEQUENCE and one operation behind it. */
function canCarryCallbacks({ maxOperations, maxRequests }: ChannelAttributes): boolean {
  return maxOperations >= 2 && maxRequests >= 1;
}

/** Sessions, their connections and their callbacks. */
export const sessionHandlers = [
  handler("CREATE_SESSION", CREATE_SESSION4args, CREATE_SESSION4res, createSession),
  handler("DESTROY_SESSION", DESTROY_SESSION4args, DESTROY_SESSION4res, (context, { dsa_sessionid }) => {
    destroySession(context, dsa_sessionid);
    return { dsr_status: NFS4_OK };
  }),
  handler("BIND_CONN_TO_SESSION", BIND_CONN_TO_SESSION4args, BIND_CONN_TO_SESSION4res, bind),
  handler("BACKCHANNEL_CTL", BACKCHANNEL_CTL4args, BACKCHANNEL_CTL4res, (context, args) => {
    const { session } = context.sequence as NonNullable<typeof context.sequence>;
    const cred = callbackCredential(args.bca_sec_parms);
    // Handles of RPCSEC_GSS contexts: there are none here. RFC 8881 §18.33.3
    if (cred === null && args.bca_sec_parms.length > 0) refuse(NFS4ERR_NOENT);
    session.model.setCallback(args.bca_cb_program, callbackSecurity(args.bca_sec_parms));
    if (cred !== null) session.callbackCred = cred;
    return { bcr_status: NFS4_OK };
  }),
  // Only SP4_SSV, which is never granted, has a secret to set. RFC 8881 §18.47.3
  handler("SET_SSV", SET_SSV4args, SET_SSV4res, () => refuse(NFS4ERR_INVAL)),
];
