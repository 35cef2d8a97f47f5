import {
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  NFS4_OK,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_PERM,
  statusName,
} from "../../nfs4/constants.ts";
import { type Call, PRINCIPAL_UNKNOWN } from "../../session/call.ts";
import { type ExchangeIdCase, exchangeIdCase, exchangeIdOutcome } from "../../session/exchange-id-case.ts";
import type { ClientRecord, Facts } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isInUse } from "../lease-state.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** What an update may end with; other errors have other reasons. */
const OUTCOMES: ReadonlySet<number> = new Set([NFS4_OK, NFS4ERR_NOENT, NFS4ERR_NOT_SAME, NFS4ERR_PERM]);

const CASES: Readonly<Partial<Record<ExchangeIdCase, string>>> = {
  6: "an update of a confirmed client ID",
  7: "an update without a confirmed client ID",
  8: "an update with another verifier than the confirmed one",
  9: "an update by another principal",
};

/** EXCHANGE_ID with UPD_CONFIRMED_REC_A has four outcomes, which the records of the client owner decide. */
export const exchangeIdUpdateCase: Rule = {
  id: "exchange-id-update-case",
  severity: "warning",
  fault: "server",
  title: "An update by EXCHANGE_ID did not end as the client's records demand",
  rfc: "RFC 8881 18.35.4",
  help: {
    means:
      "With UPD_CONFIRMED_REC_A, EXCHANGE_ID updates the confirmed client ID. Without one the answer is NFS4ERR_NOENT, with another verifier NFS4ERR_NOT_SAME, by another principal NFS4ERR_PERM. The server answered something else.",
    hurts:
      "A client that only wanted to update a property gets a new client ID, or a stranger changes the properties of somebody else's.",
    todo: "In the server, look at the flag before anything else, and go through cases 6 to 9 of the RFC.",
    seenIn: "DittoFS ignores the flag",
  },
  pynfs: ["EID6", "EID6a", "EID6b", "EID6c", "EID6d", "EID6e", "EID6f", "EID6g", "EID6h"],
  downgrades: { M: 1, G: "off" },
  watch: ({ report }) => ({
    "exchange-id"(exchange) {
      const { call, args, reply, status, client } = exchange;
      if ((args.flags & EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) === 0 || reply === null || !OUTCOMES.has(status)) return;
      const records = recordsOf(exchange);
      const confirmed = records.find((record) => record.confirmed) ?? null;
      if (records.length === 0) return;
      const number = caseOf(exchange, confirmed);
      const expected = exchangeIdOutcome(number, true).status;
      if (isOutcome(exchange, number, confirmed)) return;
      report({
        ...subject(call, null),
        client,
        // That nothing confirmed the client before the capture is not proven.
        because: number === 7 ? ["M"] : [],
        since: records[0]!.client.firstSeen.at,
        frames: exchangeFrames(call, reply),
        expected: { status: [expected] },
        actual: { status: [status] },
        message: `EXCHANGE_ID of owner ${ownerText(args.ownerHex)} is ${CASES[number]}: ${statusName(expected)} is right, the server answered ${statusName(status)}`,
      });
    },
  }),
};

/** The owner's records as they were before. */
function recordsOf({ call, args, client, before }: Facts["exchange-id"]): ClientRecord[] {
  const { ownerHex } = args;
  const records = before?.ownerHex === ownerHex ? [before] : [];
  for (const other of call.connection.serverInstance?.clientsOf(ownerHex) ?? [])
    if (other !== client && other.ended === null) records.unshift({ ...other, client: other });
  return records;
}

function caseOf({ call, args }: Facts["exchange-id"], confirmed: ClientRecord | null): ExchangeIdCase {
  const isVerifierSame = confirmed?.verifier === args.verifier;
  // Whom a GSS handle stands for is not known: not another one.
  const isKnown =
    confirmed !== null && confirmed.principal !== PRINCIPAL_UNKNOWN && call.principal !== PRINCIPAL_UNKNOWN;
  const isPrincipalSame = !isKnown || isSamePrincipal(call, confirmed);
  return exchangeIdCase(confirmed !== null, confirmed === null, true, isVerifierSame, isPrincipalSame);
}

function isSamePrincipal({ principal }: Call, confirmed: ClientRecord | null): boolean {
  return principal !== PRINCIPAL_UNKNOWN && principal === confirmed?.principal;
}

/** The status is the case's own, or the server may have lost the record meanwhile. */
function isOutcome(
  { status, result, call }: Facts["exchange-id"],
  number: ExchangeIdCase,
  confirmed: ClientRecord | null,
) {
  if (number === 6 && status === NFS4_OK) return result === null || result.clientId === confirmed?.client.clientId;
  if (status === exchangeIdOutcome(number, true).status) return true;
  // Two reasons at once, and the order of the checks is not said.
  if (number === 8 && status === NFS4ERR_PERM) return !isSamePrincipal(call, confirmed);
  return status === NFS4ERR_NOENT && confirmed !== null && !isInUse(confirmed.client, call.at);
}
