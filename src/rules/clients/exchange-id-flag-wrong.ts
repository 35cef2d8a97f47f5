import {
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_MASK_PNFS,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_MDS,
  exchangeIdFlagNames,
} from "../../nfs4/constants.ts";
import type { ExchangeIdArgs, Facts } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { hasLivedThrough, isInUse, lastRenewalOf } from "../lease-state.ts";
import type { Report, Rule, RuleContext } from "../rule.ts";
import { subject } from "../subject.ts";

/** The combinations of roles that a server may name. RFC 8881 §13.1 */
const ROLES: ReadonlySet<number> = new Set([
  EXCHGID4_FLAG_USE_PNFS_MDS,
  EXCHGID4_FLAG_USE_PNFS_MDS | EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_NON_PNFS | EXCHGID4_FLAG_USE_PNFS_DS,
]);

/** eir_flags contradict the protocol or what was seen of the client ID. */
export const exchangeIdFlagWrong: Rule = {
  id: "exchange-id-flag-wrong",
  severity: "error",
  fault: "server",
  title: "The flags of an EXCHANGE_ID reply are wrong",
  rfc: "RFC 8881 18.35.3, 13.1",
  help: {
    means:
      "eir_flags has UPD_CONFIRMED_REC_A, which only requests may have; or no legal set of pNFS roles; or CONFIRMED_R is clear for a client ID that CREATE_SESSION had confirmed, or set for one that was never confirmed.",
    hurts:
      "A client that is told the wrong thing of CONFIRMED_R takes eir_sequenceid for real, or ignores it, and its next CREATE_SESSION is refused with NFS4ERR_SEQ_MISORDERED.",
    todo: "In the server, set CONFIRMED_R from the record that the reply returns, and exactly one of the five sets of roles.",
  },
  pynfs: ["EID1", "EID1a", "EID1b"],
  downgrades: { M: 1, G: "off", H: 1, P: "off" },
  watch(context) {
    const used = new WeakSet<ObservedClient>();
    return {
      "create-session-call"({ client }) {
        if (client !== null) used.add(client);
      },
      "exchange-id"(exchange) {
        const wrong = impossible(exchange.result?.flags ?? null) ?? contradicted(exchange, used, context);
        if (wrong === null) return;
        const { call, client, reply } = exchange;
        const { text, ...doubts } = wrong;
        const actual = { text: exchangeIdFlagNames(exchange.result!.flags).join(", ") };
        const message = `eir_flags of client ID 0x${client?.clientId}: ${text}`;
        context.report({
          ...subject(call, null),
          client,
          ...doubts,
          frames: exchangeFrames(call, reply),
          expected: { text: "eir_flags that can be, and that fit what the server knows" },
          actual,
          message,
        });
      },
    };
  },
};

type Wrong = Pick<Report, "because" | "since"> & { text: string };

/** Whatever the server knows of the client, these flags cannot be. */
function impossible(flags: number | null): Wrong | null {
  if (flags === null) return null;
  if ((flags & EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) !== 0)
    return { text: "UPD_CONFIRMED_REC_A is set, which is for requests only" };
  const roles = flags & EXCHGID4_FLAG_MASK_PNFS;
  if (ROLES.has(roles)) return null;
  const named = roles === 0 ? "no pNFS role at all" : exchangeIdFlagNames(roles).join(" and ");
  return { text: `${named} is no legal set of roles` };
}

function contradicted(
  exchange: Facts["exchange-id"],
  used: WeakSet<ObservedClient>,
  context: RuleContext,
): Wrong | null {
  const { before, call, args, reply, result } = exchange;
  if (before === null || reply === null || result === null || !isSameIncarnation(before, args)) return null;
  const { client } = before;
  const isConfirmed = (result.flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0;
  if (isConfirmed === before.confirmed) return null;
  if (!isConfirmed) {
    const since = lastRenewalOf(client);
    const isKnown = isInUse(client, call.at) && hasLivedThrough(client.server, context.connections, since, reply.at);
    return isKnown ? { since, text: "CONFIRMED_R is clear, though CREATE_SESSION had confirmed it" } : null;
  }
  if (used.has(client)) return null;
  // The CREATE_SESSION may have been sent on a connection that is not in the capture.
  const because = [...new Set([...doubtsOf(client, context), "H" as const])];
  return { since: client.firstSeen.at, because, text: "CONFIRMED_R is set, though no CREATE_SESSION had confirmed it" };
}

function isSameIncarnation(
  record: { ownerHex: string | null; verifier: string | null },
  args: ExchangeIdArgs,
): boolean {
  return record.ownerHex === args.ownerHex && record.verifier === args.verifier;
}
