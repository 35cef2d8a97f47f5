import { NFS4_OK } from "../../nfs4/constants.ts";
import { missingRequests } from "../../session/accepted-jumps.ts";
import { nextSeq } from "../../session/slot.ts";
import { type JumpCause, watchAcceptedJumps } from "../accepted-jumps.ts";
import { counted } from "../counted.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Report, Rule } from "../rule.ts";

const REASONS: Readonly<Partial<Record<JumpCause, string>>> = {
  gap: "bytes are missing from the capture in between",
  cut: "messages in between were cut too short to be read",
  encrypted: "the client also has an encrypted connection",
  "half-known": "the slot is not known from its beginning",
  "other-paths": "the session has connections outside of the capture",
};

/** The server knows requests that the capture does not. */
export const captureMissedRequests: Rule = {
  id: "capture-missed-requests",
  severity: "warning",
  fault: "capture",
  title: "Requests and their replies were not captured",
  rfc: null,
  help: {
    means:
      "A sequence id jumped ahead and the server accepted it: it has seen the requests in between. They fit into a hole of the capture, or went over a connection that is not in it.",
    hurts:
      "What these requests did is unknown. The slot is taken over anew from here, findings on it are less certain.",
    todo: "Capture all connections of the client, on all interfaces and server addresses, and without drops.",
  },
  downgrades: {},
  watch: ({ report: tell }) =>
    watchAcceptedJumps(({ call, previous, since }, cause) => {
      const reason = REASONS[cause];
      if (reason === undefined) return;
      // What cuts or hides messages of all slots has a rule of its own: one finding for the session is enough.
      const isWhole = cause === "cut" || cause === "other-paths";
      const last = call.lastSeqBefore;
      const missing = missingRequests(call);
      const report: Report = {
        since,
        frames: previous === null ? exchangeFrames(call) : [previous, ...exchangeFrames(call)],
        expected: { seq: nextSeq(last) },
        actual: { seq: call.seq, status: [NFS4_OK] },
        message: `slot ${call.slotId} went on from seq ${last} to ${call.seq}: ${counted(missing, "request")} with ${missing === 1 ? "its reply" : "their replies"} not captured; ${reason}`,
      };
      if (isWhole) report.session = call.session;
      else report.call = call;
      if (cause === "cut") report.severity = "note";
      tell(report);
    }),
};
