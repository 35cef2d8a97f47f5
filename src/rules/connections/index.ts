import type { Rule } from "../rule.ts";
import { backchanOnUnboundConn } from "./backchan-on-unbound-conn.ts";
import { bindRebindChanged } from "./bind-rebind-changed.ts";
import { bindRebindRefused } from "./bind-rebind-refused.ts";
import { bindResultDir } from "./bind-result-dir.ts";
import { bindUnsupported } from "./bind-unsupported.ts";
import { cbOtherSession } from "./cb-other-session.ts";
import { connEnforcementMissed } from "./conn-enforcement-missed.ts";
import { connNotBound } from "./conn-not-bound.ts";
import { connNotBoundSp4None } from "./conn-not-bound-sp4-none.ts";
import { connPerSessionMany } from "./conn-per-session-many.ts";
import { connResetWithOutstanding } from "./conn-reset-with-outstanding.ts";
import { gssSilentDrop } from "./gss-silent-drop.ts";
import { reconnectStorm } from "./reconnect-storm.ts";
import { requiredOpUnsupported } from "./required-op-unsupported.ts";
import { rpcAuthError } from "./rpc-auth-error.ts";
import { rpcGarbageArgs } from "./rpc-garbage-args.ts";

/** Connections: which sessions they serve, how they end, and what the RPC layer refuses on them. RFC 8881 §2.10.3.1, §18.34 */
export const connectionRules: readonly Rule[] = [
  connNotBound,
  connEnforcementMissed,
  connNotBoundSp4None,
  bindResultDir,
  bindRebindChanged,
  bindRebindRefused,
  bindUnsupported,
  requiredOpUnsupported,
  backchanOnUnboundConn,
  cbOtherSession,
  reconnectStorm,
  connResetWithOutstanding,
  connPerSessionMany,
  rpcAuthError,
  rpcGarbageArgs,
  gssSilentDrop,
];
