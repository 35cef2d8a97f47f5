import type { TimeBase } from "../analysis/time-base.ts";
import { createSessionFlagNames, sequenceStatusFlagNames, statusName } from "../nfs4/constants.ts";
import type { ChannelAttributes } from "../session/channel-attributes.ts";
import type { NegotiatedAttributes, ObservedSession } from "../session/observed-session.ts";
import type { ObservedSlot } from "../session/observed-slot.ts";
import type { ObservedSlotTable } from "../session/observed-slot-table.ts";
import { jsonPlace } from "./json-place.ts";

/** A session as `analyze --format json` prints it; what is unknown is null. */
export function jsonSession(session: ObservedSession, base: TimeBase) {
  const { fore, back } = session;
  const ended = jsonPlace(base, session.ended);
  return {
    id: session.id,
    server: session.server.endpoint,
    clientId: session.client === null ? null : `0x${session.client.clientId}`,
    minorVersion: session.minorVersion,
    inferred: session.created === null,
    created: jsonPlace(base, session.created),
    firstSeen: jsonPlace(base, session.firstSeen),
    destroyed: session.endedBy === "destroyed" ? ended : null,
    ended: ended === null ? null : { ...ended, by: session.endedBy },
    flags: session.flags === null ? null : createSessionFlagNames(session.flags),
    connections: Array.from(session.connections, ([{ client, server }, channels]) => ({
      client,
      server,
      channels: (["fore", "back"] as const).filter((channel) => channels.has(channel)),
    })),
    connectionsOmitted: session.connectionsOmitted,
    fore: jsonTable(fore, session.foreAttributes),
    back: back === null ? null : jsonTable(back, session.backAttributes),
    sequenceErrors: counts(session.sequenceErrors, statusName),
    statusFlags: counts(
      session.statusFlagCounts,
      (bit) => sequenceStatusFlagNames((1 << bit) >>> 0)[0] ?? `bit ${bit}`,
    ),
    highestSlot: known(fore.highestSlotId),
    targetHighestSlot: known(fore.targetHighestSlotId),
    slotsOmitted: fore.omitted + (back?.omitted ?? 0),
  };
}

function jsonTable(table: ObservedSlotTable, attributes: NegotiatedAttributes) {
  return {
    requested: jsonAttributes(attributes.requested),
    granted: jsonAttributes(attributes.granted),
    slotsUsed: table.slotsUsed,
    highestSlotUsed: known(table.highestSlotUsed),
    maxOutstanding: table.maxOutstanding,
    calls: table.calls,
    replies: table.replies,
    retries: table.retries,
    highestSlot: known(table.highestSlotId),
    targetHighestSlot: known(table.targetHighestSlotId),
    slotsOmitted: table.omitted,
    slots: Array.from(table.used(), jsonSlot),
  };
}

function jsonAttributes(attributes: ChannelAttributes | null) {
  if (attributes === null) return null;
  return {
    headerPadSize: attributes.headerPadSize,
    maxRequestSize: attributes.maxRequestSize,
    maxResponseSize: attributes.maxResponseSize,
    maxResponseSizeCached: attributes.maxResponseSizeCached,
    maxOperations: attributes.maxOperations,
    maxRequests: attributes.maxRequests,
    rdmaIrd: attributes.rdmaIrd,
  };
}

function jsonSlot(slot: ObservedSlot) {
  const { latencyMicros } = slot;
  return {
    slot: slot.id,
    firstSeq: known(slot.firstSeq),
    lastSeq: slot.anchor === "none" ? null : slot.lastSeq,
    calls: slot.calls,
    replies: slot.replies,
    retries: slot.retries,
    outstanding: slot.isBusy,
    latencyMicros:
      latencyMicros.count === 0
        ? null
        : { p50: latencyMicros.quantile(0.5), p99: latencyMicros.quantile(0.99), max: latencyMicros.max },
  };
}

/** The model counts from -1 where nothing is known. */
function known(id: number): number | null {
  return id < 0 ? null : id;
}

/** Lowest number first, so that the same numbers always print the same. */
function counts(map: ReadonlyMap<number, number>, name: (key: number) => string): Record<string, number> {
  const sorted = [...map].sort(([a], [b]) => a - b);
  return Object.fromEntries(sorted.map(([key, count]) => [name(key), count]));
}
