import { NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { subject } from "../subject.ts";

/** Sessions from before the capture that are remembered for each server. */
const ADOPTED_MAX = 256;
/** Sessions remembered to recognise their ids at another address. */
const KNOWN_MAX = 16_384;
/** Client addresses of a server whose recovery is remembered. */
const RECOVERIES_MAX = 4096;
/** Unknown session ids that wait for what their client does next. */
const PENDING_MAX = 256;

interface Unknown {
  readonly call: Call;
  readonly sessionId: string;
}

/** What is known of a server's past: only one that the capture covers makes an unknown session id an offence. */
interface Past {
  readonly adopted: ObservedSession[];
  /** Connections on which a client made itself known for the first time, and when. */
  readonly newcomers: WeakMap<ObservedConnection, number>;
  /** When the clients behind an address last began to recover. */
  readonly recoveries: Map<string, number>;
  isOlder: boolean;
}

/** BADSESSION for a session id that nobody ever gave out. */
export const unknownSession: Rule = {
  id: "unknown-session",
  severity: "warning",
  fault: "client",
  title: "A session id was used that the server never gave out",
  rfc: "RFC 8881 15.1.11.1, 2.10.13.1.4",
  help: {
    means:
      "A SEQUENCE, BIND_CONN_TO_SESSION or DESTROY_SESSION named a session whose CREATE_SESSION is not in the capture, and the server answered NFS4ERR_BADSESSION.",
    hurts: "Nothing is executed. A client that keeps on doing it makes no progress.",
    todo: "Look where the client has the session id from: another server, memory that was overwritten, or an earlier life of the server. If it follows up with CREATE_SESSION or EXCHANGE_ID it is recovering from a restart, and all is well.",
  },
  pynfs: ["SEQ5"],
  downgrades: { H: 1, V: 1, T: "off" },
  oncePerUpheaval: true,
  watch(context) {
    const pasts = new WeakMap<ObservedServer, Past>();
    const known = new Map<string, ObservedSession>();
    const waiting = new Waiting((unknown, why) => accuse(context, unknown, why));
    const pastOf = (server: ObservedServer) => {
      let past = pasts.get(server);
      if (past === undefined) {
        past = { adopted: [], newcomers: new WeakMap(), recoveries: new Map(), isOlder: false };
        pasts.set(server, past);
      }
      return past;
    };
    const recovers = (call: Call) => {
      const { serverInstance, clientAddress } = call.connection;
      const recoveries = serverInstance === null ? null : pastOf(serverInstance).recoveries;
      if (recoveries !== null && recoveries.size < RECOVERIES_MAX) recoveries.set(clientAddress, call.at);
      waiting.recovers(call);
    };
    return {
      "session-opened"(session) {
        if (!known.has(session.id) && known.size < KNOWN_MAX) known.set(session.id, session);
        if (session.created !== null) return;
        const { adopted } = pastOf(session.server);
        if (adopted.length < ADOPTED_MAX) adopted.push(session);
      },
      "exchange-id"({ call, client }) {
        recovers(call);
        if (client === null || client.eirSequenceId === null || client.confirmed) return;
        pastOf(client.server).newcomers.set(call.connection, call.at);
      },
      "create-session-call": ({ call }) => recovers(call),
      "unknown-session"({ call, sessionId }) {
        const { connection } = call;
        const server = connection.serverInstance;
        // A connection from before the capture may carry a session from before the capture.
        if (server === null || !connection.handshakeSeen) return;
        const past = pastOf(server);
        past.isOlder ||= past.adopted.some((session) => !session.isUnproven);
        if (past.isOlder) return;
        const unknown = { call, sessionId };
        if (isKnownElsewhere(known.get(sessionId), server)) accuse(context, unknown, "elsewhere");
        // Behind the same address there may be older clients: other mounts of the host, other hosts behind a router.
        else if (call.at <= (past.recoveries.get(connection.clientAddress) ?? Number.NEGATIVE_INFINITY))
          accuse(context, unknown, "recovering");
        else if (call.at > (past.newcomers.get(connection) ?? Number.POSITIVE_INFINITY))
          accuse(context, unknown, "never-created");
        else waiting.add(unknown);
      },
      tick: (at) => waiting.tick(at),
      end: () => waiting.giveUpOlderThan(Number.POSITIVE_INFINITY),
    };
  },
};

/** Unknown session ids, until their client recovers or a lease has gone by. */
class Waiting {
  #unknown: Unknown[] = [];
  readonly #settle: (unknown: Unknown, why: "recovering" | "unexplained") => void;

  constructor(settle: (unknown: Unknown, why: "recovering" | "unexplained") => void) {
    this.#settle = settle;
  }

  add(unknown: Unknown): void {
    if (this.#unknown.length < PENDING_MAX) this.#unknown.push(unknown);
  }

  recovers(call: Call): void {
    if (this.#unknown.length === 0) return;
    this.#unknown = this.#unknown.filter((unknown) => {
      const isSame = unknown.call.connection.clientAddress === call.connection.clientAddress;
      if (isSame && call.at >= unknown.call.at) this.#settle(unknown, "recovering");
      return !isSame;
    });
  }

  tick(at: number): void {
    const [oldest] = this.#unknown;
    if (oldest !== undefined) this.giveUpOlderThan(at - (oldest.call.connection.serverInstance?.leaseNanos ?? 0));
  }

  giveUpOlderThan(at: number): void {
    this.#unknown = this.#unknown.filter((unknown) => {
      const isOver = unknown.call.at < at;
      if (isOver) this.#settle(unknown, "unexplained");
      return !isOver;
    });
  }
}

function isKnownElsewhere(session: ObservedSession | undefined, here: ObservedServer): boolean {
  return session !== undefined && session.server !== here && !session.isUnproven;
}

const REASONS = {
  "never-created": "its client came new in this capture and never created it",
  unexplained: "no CREATE_SESSION for it was captured, and the client did not go on to recover",
  elsewhere: "the session belongs to another server address; trying it is how a client finds out",
  recovering: "the client went on to recover: it is probably older than the capture",
} as const;

function accuse({ report, capture }: RuleContext, { call, sessionId }: Unknown, why: keyof typeof REASONS): void {
  const isOffence = why === "never-created" || why === "unexplained";
  report({
    ...subject(call, call.session),
    severity: isOffence ? "warning" : "note",
    fault: isOffence ? "client" : "none",
    // A snap length that cuts messages may have cut the CREATE_SESSION, or what the client did next.
    because: isOffence && capture.firstTruncated !== null ? ["T"] : why === "unexplained" ? ["V"] : [],
    frames: exchangeFrames(call),
    expected: { status: [NFS4ERR_BADSESSION] },
    actual: { status: [NFS4ERR_BADSESSION] },
    message: `session ${sessionId} is unknown to the server: ${REASONS[why]}`,
  });
}
