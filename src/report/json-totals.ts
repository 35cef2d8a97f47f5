import type { Totals } from "../analysis/analysis.ts";

/** What was counted over all captures, as `analyze --format json` prints it. */
export function jsonTotals(totals: Totals) {
  const [v40, v41, v42] = totals.compounds;
  const otherRpc = [...totals.otherRpc].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    frames: totals.frames,
    tcpConnections: totals.tcpConnections,
    rpcCalls: totals.rpcCalls,
    rpcReplies: totals.rpcReplies,
    unansweredCalls: totals.unansweredCalls,
    compounds: { "4.0": v40, "4.1": v41, "4.2": v42 },
    callbacks: { calls: totals.callbackCalls, replies: totals.callbackReplies },
    sequenceCalls: totals.sequenceCalls,
    sequenceReplies: totals.sequenceReplies,
    otherRpc: Object.fromEntries(otherRpc),
    captureGaps: totals.captureGaps,
  };
}
