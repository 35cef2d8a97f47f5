import { OP_GETDEVICEINFO, SEQ4_STATUS_DEVID_CHANGED, SEQ4_STATUS_DEVID_DELETED } from "../../nfs4/constants.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule } from "../rule.ts";

/** A storage device's address changed, and the client does not ask for the new one. */
export const statusFlagDevidIgnored: Rule = {
  id: "status-flag-devid-ignored",
  severity: "note",
  fault: "client",
  title: "The server says that a device ID changed or was deleted, and the client does not ask",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "Replies have had DEVID_CHANGED or DEVID_DELETED for longer than a lease, and the client sent no GETDEVICEINFO.",
    hurts: "The client may go on doing pNFS I/O to the wrong device, or keep a device ID that means nothing any more.",
    todo: "In the client, fetch the mapping with GETDEVICEINFO, for a deleted one with an empty gdia_notify_types; or do not ask for device ID notifications.",
    seenIn: "the Linux client ignores both flags",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_GETDEVICEINFO],
  options: { reminders: 5 },
  watch: (context) =>
    watchNeglect(
      {
        bits: SEQ4_STATUS_DEVID_CHANGED | SEQ4_STATUS_DEVID_DELETED,
        reminders: context.option("reminders"),
        patienceNanos: ({ server }) => server.leaseNanos,
      },
      (neglect) => context.report(neglectReport(context, neglect, "no GETDEVICEINFO")),
    ),
};
