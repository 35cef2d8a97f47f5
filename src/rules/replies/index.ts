import type { Rule } from "../rule.ts";
import { compoundStatusMismatch } from "./compound-status-mismatch.ts";
import { duplicateReply } from "./duplicate-reply.ts";
import { replyAfterReconnectUnsolicited } from "./reply-after-reconnect-unsolicited.ts";
import { replyOpMismatch } from "./reply-op-mismatch.ts";
import { replySeqidMismatch } from "./reply-seqid-mismatch.ts";
import { replySessionMismatch } from "./reply-session-mismatch.ts";
import { replySlotMismatch } from "./reply-slot-mismatch.ts";
import { replyWithoutCall } from "./reply-without-call.ts";
import { replyWrongConnection } from "./reply-wrong-connection.ts";
import { retryNewXid } from "./retry-new-xid.ts";
import { silentDrop } from "./silent-drop.ts";
import { statusNotListed } from "./status-not-listed.ts";
import { tagChanged } from "./tag-changed.ts";
import { xidReuseOutstanding } from "./xid-reuse-outstanding.ts";
import { zeroResultsWrongStatus } from "./zero-results-wrong-status.ts";

/** Whether a reply belongs to its request and has the right form. RFC 8881 §2.10.6.1, §16.2 */
export const replyRules: readonly Rule[] = [
  replySessionMismatch,
  replySeqidMismatch,
  replySlotMismatch,
  replyWrongConnection,
  replyWithoutCall,
  duplicateReply,
  xidReuseOutstanding,
  retryNewXid,
  replyAfterReconnectUnsolicited,
  silentDrop,
  replyOpMismatch,
  compoundStatusMismatch,
  zeroResultsWrongStatus,
  tagChanged,
  statusNotListed,
];
