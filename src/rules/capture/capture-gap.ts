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
  /** Of `last`, which goes on growing when a connection has very many. */
  lastBytes: number;
  count: number;
  bytes: number;
  /** Whose bytes are missing. */
  readonly senders: Set<Gap["sender"]>;
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
      if (isOtherDirection(known, connection)) return;
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
        known.bytes += gap === known.last ? gap.bytes - known.lastBytes : gap.bytes;
        known.last = gap;
        known.lastBytes = gap.bytes;
        known.count++;
        known.senders.add(gap.sender);
      },
      "connection-closed": tell,
      end() {
        for (const connection of [...holes.keys()]) tell(connection);
      },
    };
  },
};

function newHoles(gap: Gap): Holes {
  const { bytes } = gap;
  return { first: gap, last: gap, lastBytes: bytes, count: 1, bytes, senders: new Set([gap.sender]) };
}

/** All that is missing is the side that was not captured at all: capture-one-way. */
function isOtherDirection({ senders }: Holes, { oneWay }: ObservedConnection): boolean {
  return oneWay !== null && !senders.has(oneWay);
}

function holesText({ count, bytes, senders }: Holes): string {
  const side = senders.size > 1 ? "both sides" : `the ${[...senders].join()}`;
  return `${counted(bytes, "byte")} of ${side} missing in ${counted(count, "hole")}`;
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
