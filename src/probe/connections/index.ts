import type { Probe } from "../probe.ts";
import { bindAgain } from "./bind-again.ts";
import { bindBadSession } from "./bind-bad-session.ts";
import { bindDirs } from "./bind-dirs.ts";
import { connLossMid } from "./conn-loss-mid.ts";
import { connLossThenNew } from "./conn-loss-then-new.ts";
import { enforceBind } from "./enforce-bind.ts";
import { foreignSession } from "./foreign-session.ts";
import { halfSent } from "./half-sent.ts";
import { implicitBind } from "./implicit-bind.ts";
import { multiSessionConn } from "./multi-session-conn.ts";
import { retryOtherConn } from "./retry-other-conn.ts";

/** Connections: which are a session's, and what happens when they break. */
export const connectionProbes: readonly Probe[] = [
  retryOtherConn,
  connLossMid,
  connLossThenNew,
  halfSent,
  foreignSession,
  bindDirs,
  bindAgain,
  bindBadSession,
  implicitBind,
  enforceBind,
  multiSessionConn,
];
