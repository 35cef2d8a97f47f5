import { NFS4_OK, statusName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import { counted } from "../counted.ts";
import { endingText } from "../ending-text.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Ended connections whose requests are looked after at the same time. */
const CONNECTIONS_MAX = 1024;
/** Requests of each that are followed. */
const CALLS_MAX = 1024;
/** Requests named in the message. */
const NAMED_MAX = 8;

/** A connection ended with requests outstanding: which they were, and what became of them. */
export const connResetWithOutstanding: Rule = {
  id: "conn-reset-with-outstanding",
  severity: "warning",
  fault: "network",
  title: "A connection ended while requests on it had no reply",
  rfc: "RFC 8881 2.10.13.1.2, 2.9.2",
  help: {
    means:
      "RST, FIN or a new connection on the same ports ended the connection before these requests were answered. Whether the server executed them is open until each has been sent again with the same slot and sequence id. It is a note when all of them were, and got their answers.",
    hurts:
      "The processes behind them wait for a reconnect. A request that is not sent again leaves its slot in doubt: the next use of it may be refused as misordered, or answered from the cache.",
    todo: "See which side ended the connection, and check that every request listed here came again on another connection (retry-after-disconnect). slot-abandoned-after-disconnect and conn-lost-not-retried name those that did not.",
  },
  channel: "both",
  downgrades: { G: 1, R: "off", H: 1 },
  oncePerUpheaval: true,
  options: { retrySeconds: 30 },
  watch({ report, option }) {
    const patienceNanos = option("retrySeconds") * 1e9;
    const lost = new Map<ObservedConnection, Call[]>();
    const answeredElsewhere = new WeakSet<Call>();
    // On a session that was known to be lost by then: no transmission of the request any more.
    const resentTooLate = new WeakMap<Call, Call>();
    const tell = (connection: ObservedConnection, unanswered: readonly Call[]) => {
      lost.delete(connection);
      const { closed } = connection;
      // That a reply has come on another connection shows late.
      const calls = unanswered.filter((call) => !answeredElsewhere.has(call));
      if (closed === null || connection.ending === null || calls.length === 0) return;
      report({
        session: calls[0]!.session,
        connection,
        severity: calls.every(isRecovered) ? "note" : "warning",
        since: calls[0]!.at,
        frames: [...calls.slice(0, NAMED_MAX), closed],
        message: `${connection.name} ${endingText(connection)} with ${counted(calls.length, "request")} outstanding: ${listed(calls, (call) => [...resent(call), resentTooLate.get(call.first) ?? []].flat())}`,
      });
    };
    const review = (isDue: (connection: ObservedConnection, calls: readonly Call[]) => boolean) => {
      for (const [connection, calls] of lost) if (isDue(connection, calls)) tell(connection, calls);
    };
    return {
      "call-dead-session"({ call }) {
        if (call.original !== null) resentTooLate.set(call.original.first, call);
      },
      "reply-elsewhere": ({ call }) => void answeredElsewhere.add(call),
      unanswered(call) {
        const { connection } = call;
        // A slot that went on while the connection lived: nobody waited for that reply any more.
        if (connection.closed === null || !call.isSlotsLatest) return;
        const calls = lost.get(connection);
        if (calls === undefined) {
          if (lost.size < CONNECTIONS_MAX) lost.set(connection, [call]);
        } else if (calls.length < CALLS_MAX) calls.push(call);
      },
      tick(at) {
        if (lost.size === 0) return;
        review(({ closed }, calls) => calls.every(isRecovered) || at - (closed?.at ?? at) > patienceNanos);
      },
      end: () => review(() => true),
    };
  },
};

function listed(calls: readonly Call[], later: (call: Call) => readonly Call[]): string {
  const named = calls.slice(0, NAMED_MAX).map((call) => `${place(call)} (${fate(call, later(call))})`);
  const rest = calls.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** `slot 3 seq 7`. */
function place({ channel, slotId, seq }: Call): string {
  return `${channel === "back" ? "callback " : ""}slot ${slotId} seq ${seq}`;
}

/** What became of the request, which came again as `later`. */
function fate(call: Call, later: readonly Call[]): string {
  const [again] = later;
  if (again === undefined) return "not sent again";
  const when = `sent again ${seconds(again.at - (call.connection.closed?.at ?? call.at))} later`;
  const reply = later.findLast((each) => each.reply !== null)?.reply;
  if (reply == null) return `${when}, unanswered`;
  return `${when}: ${reply.rpcError ?? statusName(reply.status)}`;
}

/** The request came again and is settled: executed once, whether its results were kept or not. */
function isRecovered(call: Call): boolean {
  return resent(call).some(({ reply }) => reply?.sequenceStatus === NFS4_OK);
}

/** Its later transmissions. */
function resent(call: Call): Call[] {
  const { transmissions } = call;
  return transmissions.slice(transmissions.indexOf(call) + 1);
}
