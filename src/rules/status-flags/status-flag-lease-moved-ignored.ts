import { OP_EXCHANGE_ID, OP_GETATTR, OP_READDIR, SEQ4_STATUS_LEASE_MOVED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule, RuleContext } from "../rule.ts";

const FATTR4_FS_LOCATIONS = 24;
const FATTR4_FS_LOCATIONS_INFO = 67;

/** A file system's lease is with another server now, and the client does not ask where. */
export const statusFlagLeaseMovedIgnored: Rule = {
  id: "status-flag-lease-moved-ignored",
  severity: "warning",
  fault: "client",
  title: "The server says that a lease has moved, and the client does not ask where to",
  rfc: "RFC 8881 18.46.3, 11.11.9.2, 11.13.1",
  help: {
    means:
      "Replies have had LEASE_MOVED for longer than a lease: a file system of the client was migrated. The client did not fetch fs_locations or fs_locations_info of any file system.",
    hurts:
      "The client renews its lease at the wrong server. At the right one it runs out, and the locks there are lost.",
    todo: "In the client, access each file system until one answers NFS4ERR_MOVED, then fetch its fs_locations and go there.",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  operations: [OP_EXCHANGE_ID],
  options: { reminders: 5 },
  watch: (context) =>
    watchNeglect(
      {
        bits: SEQ4_STATUS_LEASE_MOVED,
        reminders: context.option("reminders"),
        patienceNanos: ({ server }) => server.leaseNanos,
        isAnsweredBy: (call) => asksForLocations(context, call),
      },
      (neglect) => context.report(neglectReport(context, neglect, "nobody asked for fs_locations")),
    ),
};

function asksForLocations({ argsOf }: RuleContext, call: Call): boolean {
  return call.operations.numbers.some((operation, index) => {
    if (operation !== OP_GETATTR && operation !== OP_READDIR) return false;
    const args = argsOf(call, index) as { attr_request: readonly number[] } | null;
    return (
      args === null || has(args.attr_request, FATTR4_FS_LOCATIONS) || has(args.attr_request, FATTR4_FS_LOCATIONS_INFO)
    );
  });
}

function has(words: readonly number[], attribute: number): boolean {
  return ((words[attribute >>> 5] ?? 0) & (1 << (attribute & 31))) !== 0;
}
