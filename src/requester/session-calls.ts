/** The calls that make and end client IDs and sessions. RFC 8881 §18.33 to §18.51 */

import type { OperationValue } from "../nfs4/compound-writer.ts";
import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN } from "../nfs4/constants.ts";
import {
  BIND_CONN_TO_SESSION4args,
  CREATE_SESSION4args,
  DESTROY_CLIENTID4args,
  DESTROY_SESSION4args,
  EXCHANGE_ID4args,
  RECLAIM_COMPLETE4args,
  SEQUENCE4args,
} from "../nfs4/ops/session.ts";
import type { callback_sec_parms4 } from "../nfs4/types.ts";
import { AUTH_NONE } from "../rpc/constants.ts";
import { type ChannelAttributes, toWire } from "../session/channel-attributes.ts";
import { WISHED_CHANNELS } from "../session/connection.ts";
import { BACK_WISHES, FORE_WISHES } from "./channel-wishes.ts";
import { operationCall } from "./operation-call.ts";

export const exchangeIdCall = operationCall("EXCHANGE_ID", EXCHANGE_ID4args);
export const createSessionCall = operationCall("CREATE_SESSION", CREATE_SESSION4args);
const sequence = operationCall("SEQUENCE", SEQUENCE4args);
const destroySession = operationCall("DESTROY_SESSION", DESTROY_SESSION4args);
const destroyClientId = operationCall("DESTROY_CLIENTID", DESTROY_CLIENTID4args);
const bindConnection = operationCall("BIND_CONN_TO_SESSION", BIND_CONN_TO_SESSION4args);
const reclaimComplete = operationCall("RECLAIM_COMPLETE", RECLAIM_COMPLETE4args);

/** SP4_NONE: nobody but who knows the session id is kept out. */
const SP4_NONE = 0;

/** A client owner. RFC 8881 §2.4 */
export interface ClientOwner {
  readonly ownerId: Uint8Array;
  /** The incarnation; 8 bytes. */
  readonly verifier: Uint8Array;
}

/** EXCHANGE_ID arguments for an owner, without state protection. */
export function exchangeIdArgs({ ownerId, verifier }: ClientOwner): EXCHANGE_ID4args {
  return {
    eia_clientowner: { co_verifier: verifier, co_ownerid: ownerId },
    eia_flags: 0,
    eia_state_protect: { spa_how: SP4_NONE },
    eia_client_impl_id: [],
  };
}

/** What a session is asked to be. */
export interface SessionWishes {
  readonly flags: number;
  readonly fore: ChannelAttributes;
  readonly back: ChannelAttributes;
  readonly callbackProgram: number;
  readonly callbackSecurity: readonly callback_sec_parms4[];
}

/** The callback program is ours to choose, from the transient range. RFC 5531 §13.2 */
export const CALLBACK_PROGRAM = 0x4000_0000;

export const SESSION_WISHES: SessionWishes = {
  flags: CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  fore: FORE_WISHES,
  back: BACK_WISHES,
  callbackProgram: CALLBACK_PROGRAM,
  callbackSecurity: [{ cb_secflavor: AUTH_NONE }],
};

/** CREATE_SESSION arguments. */
export function createSessionArgs(clientId: bigint, seq: number, wishes: SessionWishes): CREATE_SESSION4args {
  return {
    csa_clientid: clientId,
    csa_sequence: seq,
    csa_flags: wishes.flags,
    csa_fore_chan_attrs: toWire(wishes.fore),
    csa_back_chan_attrs: toWire(wishes.back),
    csa_cb_program: wishes.callbackProgram,
    csa_sec_parms: [...wishes.callbackSecurity],
  };
}

/** What SEQUENCE says besides the session. */
export interface SequenceFields {
  readonly slot: number;
  readonly seq: number;
  /** The slot itself unless given. */
  readonly highest?: number;
  readonly cachethis?: boolean;
}

export function sequenceCall(sessionId: Uint8Array, fields: SequenceFields): OperationValue {
  const { slot, seq, highest = slot, cachethis = false } = fields;
  return sequence({
    sa_sessionid: sessionId,
    sa_sequenceid: seq,
    sa_slotid: slot,
    sa_highest_slotid: highest,
    sa_cachethis: cachethis,
  });
}

export function destroySessionCall(sessionId: Uint8Array): OperationValue {
  return destroySession({ dsa_sessionid: sessionId });
}

export function destroyClientIdCall(clientId: bigint): OperationValue {
  return destroyClientId({ dca_clientid: clientId });
}

/** `direction`: channel_dir_from_client4. */
export function bindCall(sessionId: Uint8Array, direction: number = WISHED_CHANNELS.foreOrBoth): OperationValue {
  return bindConnection({ bctsa_sessid: sessionId, bctsa_dir: direction, bctsa_use_conn_in_rdma_mode: false });
}

export function reclaimCompleteCall(oneFileSystem = false): OperationValue {
  return reclaimComplete({ rca_one_fs: oneFileSystem });
}
