import type { Probe } from "../probe.ts";
import { badsessionFlip } from "./badsession-flip.ts";
import { badsessionZero } from "./badsession-zero.ts";
import { dsBasic } from "./ds-basic.ts";
import { dsInOther } from "./ds-in-other.ts";
import { dsInOwnLast } from "./ds-in-own-last.ts";
import { dsTwice } from "./ds-twice.ts";
import { dsUnboundConn } from "./ds-unbound-conn.ts";
import { dsWithOutstanding } from "./ds-with-outstanding.ts";

/** How sessions end, and ids that name none. */
export const destroySessionProbes: readonly Probe[] = [
  dsBasic,
  dsTwice,
  dsInOwnLast,
  dsInOther,
  dsUnboundConn,
  dsWithOutstanding,
  badsessionFlip,
  badsessionZero,
];
