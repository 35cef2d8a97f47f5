import { bytesFrom, op, type Step, secParms } from "./scenario-operations.ts";
import type { Attributes, ExchangeOptions, SessionOptions } from "./scenario-options.ts";

export const CALLBACK_PROGRAM = 0x4000_0000;

/** EXCHANGE_ID as a step, with the client ID of its OK reply. */
export function exchangeIdStep(clientId: bigint, options: ExchangeOptions): Step {
  const { protect = 0, enforce = [] } = options;
  const maps = { spo_must_enforce: bitmap(enforce), spo_must_allow: [] };
  return op.step(
    "EXCHANGE_ID",
    {
      eia_clientowner: {
        co_verifier: bytesFrom(options.verifier ?? "0x0101010101010101"),
        co_ownerid: bytesFrom(options.owner ?? "owner"),
      },
      eia_flags: options.flags ?? 0,
      eia_state_protect: protect === 1 ? { spa_how: 1, spa_mach_ops: maps } : { spa_how: 0 },
      eia_client_impl_id: [],
    },
    {
      eir_resok4: {
        eir_clientid: clientId,
        eir_sequenceid: options.sequence ?? 1,
        eir_flags: options.eirFlags ?? 0x10000,
        eir_state_protect: protect === 1 ? { spr_how: 1, spr_mach_ops: maps } : { spr_how: 0 },
        eir_server_owner: { so_minor_id: options.minorId ?? 0n, so_major_id: bytesFrom(options.major ?? "server") },
        eir_server_scope: bytesFrom(options.scope ?? "scope"),
        eir_server_impl_id: [],
      },
    },
  );
}

/** CREATE_SESSION as a step; what is granted is what is asked for, unless told otherwise. */
export function createSessionStep(clientId: bigint, sessionId: Uint8Array, options: SessionOptions): Step {
  const { sequence = 1, flags = 0, fore = {}, back = {} } = options;
  return op.step(
    "CREATE_SESSION",
    {
      csa_clientid: clientId,
      csa_sequence: sequence,
      csa_flags: flags,
      csa_fore_chan_attrs: channelAttributes(fore),
      csa_back_chan_attrs: channelAttributes(back),
      csa_cb_program: CALLBACK_PROGRAM,
      csa_sec_parms: secParms(options.offered),
    },
    {
      csr_resok4: {
        csr_sessionid: sessionId,
        csr_sequence: options.csrSequence ?? sequence,
        csr_flags: options.grantedFlags ?? flags,
        csr_fore_chan_attrs: channelAttributes({ ...fore, ...options.foreGranted }),
        csr_back_chan_attrs: channelAttributes({ ...back, ...options.backGranted }),
      },
    },
  );
}

/** channel_attrs4 */
function channelAttributes(values: Attributes) {
  return {
    ca_headerpadsize: values.headerPadSize ?? 0,
    ca_maxrequestsize: values.maxRequestSize ?? 1_049_620,
    ca_maxresponsesize: values.maxResponseSize ?? 1_049_480,
    ca_maxresponsesize_cached: values.maxResponseSizeCached ?? 4096,
    ca_maxoperations: values.maxOperations ?? 16,
    ca_maxrequests: values.maxRequests ?? 4,
    ca_rdma_ird: [],
  };
}

/** bitmap4 with these bits. */
function bitmap(bits: readonly number[]): number[] {
  const words: number[] = [];
  for (const bit of bits) {
    while (words.length <= bit >>> 5) words.push(0);
    words[bit >>> 5] = (words[bit >>> 5]! | (1 << (bit & 31))) >>> 0;
  }
  return words;
}
