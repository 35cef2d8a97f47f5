import { NFS4_OK } from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule, RuleContext } from "../rule.ts";

/** Sessions remembered to recognise their ids at another address. */
const KNOWN_MAX = 16_384;
/** Addresses whose EXCHANGE_ID results are remembered, for each client address. */
const IDENTITIES_MAX = 4096;
/** Uses at another address that wait for their answer. */
const PENDING_MAX = 256;

/** What EXCHANGE_ID told a client owner of a server address. */
interface Identity {
  readonly call: Call;
  readonly reply: Reply;
  readonly ownerHex: string;
  readonly serverOwner: string;
  readonly clientId: string;
}

/** A session that began at one address, and its first call at another. */
interface Use {
  readonly call: Call;
  readonly session: ObservedSession;
}

/** A session spans the addresses of one server only. */
export const trunkIdentityMismatch: Rule = {
  id: "trunk-identity-mismatch",
  severity: "error",
  fault: "client",
  title: "One session was used at two addresses that are not one server",
  rfc: "RFC 8881 2.10.5",
  help: {
    means:
      "EXCHANGE_ID at the two addresses returned different server owners, scopes or client IDs, so that they may not share a session. The client used one session at both, and both served it.",
    hurts:
      "Each address keeps a slot table of its own: requests are executed twice or refused as misordered, and nothing protects the order of writes.",
    todo: "In the client, compare so_major_id, so_minor_id, scope and client ID before trunking a session. In the servers, look for nodes that accept each other's session ids.",
  },
  downgrades: { V: 1, O: "off", G: "off" },
  watch(context) {
    const known = new Map<string, ObservedSession>();
    const identities = new Map<string, Identity>();
    let pending: Use[] = [];
    const settle = () => {
      if (pending.length === 0) return;
      for (const use of pending) if (use.call.reply?.sequenceStatus === NFS4_OK) judge(context, use, identities);
      pending = pending.filter(({ call }) => call.isOutstanding);
    };
    return {
      "session-opened"(session) {
        if (session.created !== null && known.size < KNOWN_MAX) known.set(session.id, session);
      },
      "exchange-id"({ call, args, reply, result }) {
        if (reply === null || result === null) return;
        const key = keyOf(call.connection.clientAddress, call.connection.server);
        if (!identities.has(key) && identities.size >= IDENTITIES_MAX) return;
        const { serverOwner, clientId } = result;
        identities.set(key, { call, reply, ownerHex: args.ownerHex, serverOwner, clientId });
      },
      "call-adopted"(call) {
        const session = call.session === null ? undefined : known.get(call.session.id);
        if (session === undefined || session.server === call.session!.server || pending.length >= PENDING_MAX) return;
        // Two servers may hand out the same session id: only slots that go on where they were show that it is one.
        const lastSeq = session.fore.slots[call.slotId]?.lastSeq ?? 0;
        if (session.isLive && (call.seq - lastSeq) >>> 0 <= 1) pending.push({ call, session });
      },
      tick: settle,
      end: settle,
    };
  },
};

const keyOf = (clientAddress: string, server: string) => `${clientAddress} ${server}`;

function judge({ report, isOrdered }: RuleContext, { call, session }: Use, identities: ReadonlyMap<string, Identity>) {
  const { clientAddress, server } = call.connection;
  const there = identities.get(keyOf(clientAddress, server));
  const here = identities.get(keyOf(clientAddress, session.server.endpoint));
  if (there === undefined || here === undefined || there.ownerHex !== here.ownerHex) return;
  // An EXCHANGE_ID that came later may have replaced the client ID before it was confirmed. RFC 8881 §18.35.4 item 4
  const difference = differenceOf({ ...here, clientId: session.client?.clientId ?? here.clientId }, there);
  const wereKnown = [here, there].every(({ call: exchange, reply }) =>
    isOrdered(reply, exchange.connection, call, call.connection),
  );
  if (difference === null || !wereKnown) return;
  report({
    call,
    since: call.at,
    frames: [here.reply, there.reply, ...exchangeFrames(call)],
    expected: { text: "a session of its own at each server" },
    actual: { text: `another ${difference}` },
    message: `session ${session.id} of ${session.server.endpoint} was used at ${server}, whose EXCHANGE_ID gave another ${difference}`,
  });
}

function differenceOf(here: Identity, there: Identity): string | null {
  const [major, minor, scope] = here.serverOwner.split("/");
  const [otherMajor, otherMinor, otherScope] = there.serverOwner.split("/");
  if (major !== otherMajor) return "so_major_id";
  if (scope !== otherScope) return "server scope";
  if (minor !== otherMinor) return "so_minor_id";
  return here.clientId === there.clientId ? null : "client ID";
}
