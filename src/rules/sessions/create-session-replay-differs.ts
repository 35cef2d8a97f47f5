import {
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_NOT_ONLY_OP,
  NFS4ERR_STALE_CLIENTID,
  statusName,
} from "../../nfs4/constants.ts";
import type { ChannelAttributes } from "../../session/channel-attributes.ts";
import type { CreateSessionResult, Facts } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** The CREATE_SESSION reply cache holds one reply, and a replay has to get it. */
export const createSessionReplayDiffers: Rule = {
  id: "create-session-replay-differs",
  severity: "error",
  fault: "server",
  title: "A repeated CREATE_SESSION got another answer",
  rfc: "RFC 8881 18.36.4, 15.1.1.3",
  help: {
    means:
      "CREATE_SESSION was sent again with the same csa_sequence. The server has to repeat its first answer from the reply cache; it answered with another status, session id, flags or attributes.",
    hurts:
      "The client uses the session of the second answer and the server keeps that of the first: sessions leak, or client and server disagree on slots and sizes.",
    todo: "In the server, answer csa_sequence equal to the last one from the client ID's CREATE_SESSION cache, errors included, NFS4ERR_DELAY excepted.",
    seenIn:
      "nfs4j builds the answer anew from the arguments; knfsd says NFS4ERR_SEQ_MISORDERED while the client ID is unconfirmed",
  },
  pynfs: ["CSESS5", "CSESS6"],
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"(created) {
      const { call, args, reply, client, session, earlier, status } = created;
      if (created.standing !== "replay" || reply === null || earlier === null || earlier.reply === null) return;
      if (earlier.args.sequence !== args.sequence || isNoReplay(earlier.status) || isNoReplay(status)) return;
      const difference = differenceOf(earlier, created);
      if (difference === null) return;
      report({
        ...subject(call, session),
        client,
        frames: [earlier.call, earlier.reply, ...exchangeFrames(call, reply)],
        expected: { status: [earlier.status], text: "the first reply again" },
        actual: { status: [status], text: difference },
        message: `CREATE_SESSION of client ID 0x${args.clientId} with csa_sequence ${args.sequence} was answered differently the second time: ${difference}`,
      });
    },
  }),
};

/**
 * DELAY asks for a fresh judgement (§15.1.1.3); NOT_ONLY_OP and STALE_CLIENTID come before the reply cache is looked at
 * (§15.1.3.3, §18.36.4).
 */
function isNoReplay(status: number): boolean {
  return status === NFS4ERR_DELAY || status === NFS4ERR_NOT_ONLY_OP || status === NFS4ERR_STALE_CLIENTID;
}

function differenceOf(
  earlier: NonNullable<Facts["create-session"]["earlier"]>,
  { status, result }: Facts["create-session"],
): string | null {
  if (status !== earlier.status) return `${statusName(status)} instead of ${statusName(earlier.status)}`;
  if (status !== NFS4_OK || result === null || earlier.result === null) return null;
  return differenceOfResults(earlier.result, result);
}

function differenceOfResults(first: CreateSessionResult, second: CreateSessionResult): string | null {
  if (second.sessionId !== first.sessionId) return `session ${second.sessionId} instead of ${first.sessionId}`;
  if (second.sequence !== first.sequence) return `csr_sequence ${second.sequence} instead of ${first.sequence}`;
  if (second.flags !== first.flags) return `csr_flags ${hex(second.flags)} instead of ${hex(first.flags)}`;
  return differenceOfChannels("fore", first.fore, second.fore) ?? differenceOfChannels("back", first.back, second.back);
}

function differenceOfChannels(name: string, first: ChannelAttributes, second: ChannelAttributes): string | null {
  for (const key of Object.keys(first) as (keyof ChannelAttributes)[]) {
    if (second[key] !== first[key]) return `${name} channel ${key} ${second[key]} instead of ${first[key]}`;
  }
  return null;
}

function hex(flags: number): string {
  return `0x${(flags >>> 0).toString(16)}`;
}
