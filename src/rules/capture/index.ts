import type { Rule } from "../rule.ts";
import { captureClockSkew } from "./capture-clock-skew.ts";
import { captureDuplicatePackets } from "./capture-duplicate-packets.ts";
import { captureEncrypted } from "./capture-encrypted.ts";
import { captureGap } from "./capture-gap.ts";
import { captureMidSession } from "./capture-mid-session.ts";
import { captureMidstreamUnsynced } from "./capture-midstream-unsynced.ts";
import { captureMissedRequests } from "./capture-missed-requests.ts";
import { captureOneWay } from "./capture-one-way.ts";
import { captureOtherPaths } from "./capture-other-paths.ts";
import { captureTruncated } from "./capture-truncated.ts";
import { tcpOutOfWindow } from "./tcp-out-of-window.ts";
import { tcpRetransmission } from "./tcp-retransmission.ts";
import { tcpZeroWindow } from "./tcp-zero-window.ts";

/** What the capture lacks and what the network did; nobody's fault. */
export const captureRules: readonly Rule[] = [
  captureMidSession,
  captureGap,
  captureMissedRequests,
  captureOneWay,
  captureTruncated,
  captureDuplicatePackets,
  captureClockSkew,
  captureMidstreamUnsynced,
  captureEncrypted,
  captureOtherPaths,
  tcpRetransmission,
  tcpOutOfWindow,
  tcpZeroWindow,
];
