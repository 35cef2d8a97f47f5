import type { Gap, ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { allSessions } from "../all-sessions.ts";
import { counted } from "../counted.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { slotsText } from "../slot-ranges.ts";

/** Open connections with holes that are followed at a time. */
const CONNECTIONS_MAX = 4096;
/** Sessions and rules that a message names. */
const NAMED_MAX = 4;

interface Holes {
  readonly first: Gap;
  last: Gap;
  count: number;
  clientBytes: number;
  serverBytes: number;
}

/** What the peer received and the capture does not hold. */
export const captureGap: Rule = {
  id: "capture-gap",
  severity: "warning",
  fault: "capture",
  title: "Bytes are missing from the capture",
  rfc: null,
  help: {
    means:
      "TCP data was acknowledged by its receiver but never captured: the capture dropped packets. Calls and replies in it are unknown.",
    hurts:
      "What looks like a skipped sequence id or an unanswered call may be in the hole. Nobody is accused across it: such findings are held back.",
    todo: "Capture with a larger buffer (`tcpdump -B 65536`), write to a faster disk, use a shorter snap length (`-s 320`), or capture on a port that is not oversubscribed.",
  },
  downgrades: {},
  watch(context) {
    const holes = new Map<ObservedConnection, Holes>();
    const tell = (connection: ObservedConnection) => {
      const known = holes.get(connection);
      if (known === undefined) return;
      holes.delete(connection);
      const { first, last } = known;
      context.report({
        session: null,
        connection,
        frames: first === last ? [first.sighting] : [first.sighting, last.sighting],
        message: `${holesText(known)}${affectedText(connection, context.servers)}${suppressedText(context)}`,
      });
    };
    return {
      "capture-gap"({ connection, gap }) {
        const known = holes.get(connection);
        if (known === undefined) {
          if (holes.size < CONNECTIONS_MAX) holes.set(connection, newHoles(gap));
          return;
        }
        known.last = gap;
        known.count++;
        if (gap.sender === "client") known.clientBytes += gap.bytes;
        else known.serverBytes += gap.bytes;
      },
      "connection-closed": tell,
      end() {
        for (const connection of [...holes.keys()]) tell(connection);
      },
    };
  },
};

function newHoles(gap: Gap): Holes {
  const isClient = gap.sender === "client";
  return {
    first: gap,
    last: gap,
    count: 1,
    clientBytes: isClient ? gap.bytes : 0,
    serverBytes: isClient ? 0 : gap.bytes,
  };
}

function holesText({ count, clientBytes, serverBytes }: Holes): string {
  const parts = [
    ...(clientBytes > 0 ? [`${counted(clientBytes, "byte")} of the client`] : []),
    ...(serverBytes > 0 ? [`${counted(serverBytes, "byte")} of the server`] : []),
  ];
  return `${parts.join(" and ")} missing in ${counted(count, "hole")}`;
}

function affectedText(connection: ObservedConnection, servers: Iterable<ObservedServer>): string {
  const texts: string[] = [];
  let others = 0;
  for (const session of allSessions(servers)) {
    if (!session.connections.has(connection)) continue;
    const slots = affectedSlots(session);
    if (texts.length >= NAMED_MAX) others++;
    else texts.push(`session ${session.id}${slots.length === 0 ? "" : ` (calls or replies of ${slotsText(slots)})`}`);
  }
  if (texts.length === 0) return "";
  return `; affects ${texts.join(", ")}${others === 0 ? "" : ` and ${others} more`}`;
}

/** Slots of which a call or a reply is not there, or that had to be taken over anew. */
function affectedSlots({ fore, created }: ObservedSession): number[] {
  const isAffected = (slot: { calls: number; replies: number; anchor: string }) =>
    slot.calls !== slot.replies || (created !== null && slot.anchor !== "created");
  return [...fore.used()].filter(isAffected).map(({ id }) => id);
}

function suppressedText({ suppressed }: RuleContext): string {
  if (suppressed.size === 0) return "";
  const rules = [...suppressed].map(([rule, count]) => `${rule} (${count})`);
  const more = rules.length > NAMED_MAX ? ` and ${rules.length - NAMED_MAX} more` : "";
  return `; held back: ${rules.slice(0, NAMED_MAX).join(", ")}${more}`;
}
