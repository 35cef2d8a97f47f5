import {
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_MASK_PNFS,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  EXCHGID4_FLAG_USE_NON_PNFS,
  EXCHGID4_FLAG_USE_PNFS_DS,
  EXCHGID4_FLAG_USE_PNFS_MDS,
  exchangeIdFlagNames,
} from "../../nfs4/constants.ts";
import type { Reply } from "../../session/call.ts";
import type { ClientRecord, ExchangeIdArgs, ExchangeIdResult, Facts } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isInUse, lastRenewalOf } from "../lease-state.ts";
import { Outlived } from "../outlived.ts";
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
  downgrades: { M: 1, G: "off", H: 1, P: "off", T: "off" },
  watch(context) {
    const used = new WeakSet<ObservedClient>();
    // A server that restarted has forgotten that it was confirmed.
    const outlived = new Outlived<Found>(context, (found) => tell(context, found));
    return {
      ...outlived.handlers,
      "create-session-call"({ client }) {
        if (client !== null) used.add(client);
      },
      "exchange-id"(exchange) {
        const wrong = impossible(exchange.result?.flags ?? null) ?? setTooEarly(exchange, used, context);
        if (wrong !== null) tell(context, { exchange, wrong });
        else if (isClearThoughConfirmed(exchange)) {
          const { client } = exchange.before;
          const since = lastRenewalOf(client);
          const found = {
            exchange,
            wrong: { since, text: "CONFIRMED_R is clear, though CREATE_SESSION had confirmed it" },
          };
          outlived.add(client.server, since, exchange.reply.at, found);
        }
      },
    };
  },
};

type Exchange = Facts["exchange-id"];
type Wrong = Pick<Report, "because" | "since"> & { text: string };

interface Found {
  readonly exchange: Exchange;
  readonly wrong: Wrong;
}

function tell({ report }: RuleContext, { exchange, wrong }: Found): void {
  const { call, client, reply, result } = exchange;
  const { text, ...doubts } = wrong;
  report({
    ...subject(call, null),
    client,
    ...doubts,
    frames: exchangeFrames(call, reply),
    expected: { text: "eir_flags that can be, and that fit what the server knows" },
    actual: { text: exchangeIdFlagNames(result!.flags).join(", ") },
    message: `eir_flags of client ID 0x${client?.clientId}: ${text}`,
  });
}

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

function setTooEarly({ before, args, reply, result }: Exchange, used: WeakSet<ObservedClient>, context: RuleContext) {
  if (before === null || reply === null || result === null || !isSameIncarnation(before, args)) return null;
  const { client, confirmed } = before;
  if (confirmed || !isConfirmed(result) || used.has(client)) return null;
  // The CREATE_SESSION may have been sent on a connection that is not in the capture.
  const because = [...new Set([...doubtsOf(client, context), "H" as const])];
  return { since: client.firstSeen.at, because, text: "CONFIRMED_R is set, though no CREATE_SESSION had confirmed it" };
}

function isClearThoughConfirmed(exchange: Exchange): exchange is Exchange & { before: ClientRecord; reply: Reply } {
  const { before, call, args, reply, result } = exchange;
  if (before === null || reply === null || result === null || !isSameIncarnation(before, args)) return false;
  return before.confirmed && !isConfirmed(result) && isInUse(before.client, call.at);
}

function isConfirmed({ flags }: ExchangeIdResult): boolean {
  return (flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0;
}

function isSameIncarnation(
  record: { ownerHex: string | null; verifier: string | null },
  args: ExchangeIdArgs,
): boolean {
  return record.ownerHex === args.ownerHex && record.verifier === args.verifier;
}
