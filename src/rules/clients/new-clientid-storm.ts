import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  statusName,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import { counted } from "../counted.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { ownerText } from "../owner-text.ts";
import type { Fault, Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { ServerMemory } from "../server-memory.ts";
import { subject } from "../subject.ts";

/** Client owners of a server that are followed. */
const OWNERS_MAX = 4096;

/** EXCHANGE_ID and the CREATE_SESSION that followed. */
interface Cycle {
  readonly call: Call;
  readonly at: number;
}

/** What one client owner does at one server, from one address. */
interface Attempts {
  /** EXCHANGE_ID that waits for its CREATE_SESSION. */
  exchange: Call | null;
  cycles: Cycle[];
}

/** A client that starts over and over again. */
export const newClientidStorm: Rule = {
  id: "new-clientid-storm",
  severity: "warning",
  fault: "unknown",
  title: "A client makes itself known over and over again",
  rfc: "RFC 8881 2.4, 18.35, 18.36",
  help: {
    means:
      "One client owner sent EXCHANGE_ID and CREATE_SESSION more often than its limit within a minute, from one address and without destroying its client ID in between. Sessions that were ended in good order do not count.",
    hurts:
      "The mount does not work: each round loses what the one before had built up. The server is kept busy with client records.",
    todo: "Look at the answer to CREATE_SESSION and at the first request of each session: a wrong csa_sequence is the client's, a session that dies at once the server's.",
    seenIn: "clients that take csa_sequence from an older EXCHANGE_ID reply",
  },
  options: { cycles: 3, windowSeconds: 60 },
  downgrades: { G: 1 },
  watch({ report, option }) {
    const [allowed, windowNanos] = [option("cycles"), option("windowSeconds") * 1e9];
    const owners = new ServerMemory<Attempts>(OWNERS_MAX);
    const latest = new ServerMemory<{ address: string; verifier: string }>(OWNERS_MAX);
    const attemptsOf = ({ connection }: Call, ownerHex: string | null | undefined) => {
      const { serverInstance, clientAddress } = connection;
      if (ownerHex == null || serverInstance === null) return null;
      return owners.obtain(serverInstance, `${clientAddress} ${ownerHex}`, () => ({ exchange: null, cycles: [] }));
    };
    const inGoodOrder = ({ call, client, status }: Facts["destroy-clientid"]) => {
      const attempts = status === NFS4_OK ? attemptsOf(call, client?.ownerHex) : null;
      if (attempts !== null) attempts.cycles = [];
    };
    return {
      "exchange-id"({ call, args, result }) {
        const attempts = result === null ? null : attemptsOf(call, args.ownerHex);
        if (attempts === null) return;
        const { serverInstance, clientAddress: address } = call.connection;
        const before = latest.get(serverInstance!, args.ownerHex);
        // Thrown out by another host with the same owner: that is owner-collision.
        const isOusted = before !== undefined && before.address !== address && before.verifier !== args.verifier;
        if (isOusted) attempts.cycles = [];
        latest.set(serverInstance!, args.ownerHex, { address, verifier: args.verifier });
        attempts.exchange = call;
      },
      "create-session"(created) {
        const { call, client, reply } = created;
        const attempts = attemptsOf(call, client?.ownerHex);
        if (attempts?.exchange == null || reply === null) return;
        attempts.cycles = attempts.cycles.filter(({ at }) => call.at - at <= windowNanos);
        attempts.cycles.push({ call: attempts.exchange, at: call.at });
        attempts.exchange = null;
        const { cycles } = attempts;
        if (cycles.length <= allowed) return;
        const [first] = cycles;
        report({
          ...subject(call, null),
          client,
          fault: culprit(created),
          since: first!.call.at,
          frames: [first!.call, ...exchangeFrames(cycles.at(-1)!.call), ...exchangeFrames(call, reply)],
          expected: { text: "a session that lasts" },
          actual: { text: `${counted(cycles.length, "new session")} wanted`, status: [created.status] },
          message: messageOf(created, cycles),
        });
        attempts.cycles = [];
      },
      "destroy-clientid": inGoodOrder,
      "session-ended"({ endedBy, client, endingCall }) {
        const attempts =
          endedBy === "destroyed" && endingCall !== null ? attemptsOf(endingCall, client?.ownerHex) : null;
        if (attempts !== null) attempts.cycles = [];
      },
    };
  },
};

function messageOf({ client, call, status }: Facts["create-session"], cycles: readonly Cycle[]): string {
  const span = seconds(call.at - cycles[0]!.call.at);
  const rounds = counted(cycles.length, "time");
  return `owner ${ownerText(client!.ownerHex!)} sent EXCHANGE_ID and CREATE_SESSION ${rounds} in ${span}; the last CREATE_SESSION got ${statusName(status)}`;
}

/** Each cycle's answer is like the last one's: a loop. */
function culprit({ status, client }: Facts["create-session"]): Fault {
  if (status === NFS4ERR_SEQ_MISORDERED) return "client";
  if (status === NFS4ERR_STALE_CLIENTID) return "server";
  const wasRefused = client?.sessions.some(({ sequenceErrors }) => sequenceErrors.has(NFS4ERR_BADSESSION)) ?? false;
  return wasRefused ? "server" : "unknown";
}
