import type { TimeBase } from "../analysis/time-base.ts";
import { statusName } from "../nfs4/constants.ts";
import type { Finding, SlotState } from "../rules/finding.ts";
import { DOWNGRADES, type Observation } from "../rules/rule.ts";
import { findingId } from "./finding-id.ts";
import { jsonFrames, jsonTime } from "./json-place.ts";

/** A finding as `analyze --format json` prints it. */
export function jsonFinding(finding: Finding, base: TimeBase) {
  return {
    ...jsonOccurrence(finding, findingId(finding), base),
    occurrences: finding.occurrences,
    samples: finding.samples.map((frames) => jsonFrames(base, frames)),
    lastTime: jsonTime(base, finding.lastAt),
    evidence: jsonEvidence(finding),
  };
}

/** One occurrence of the finding `id`, without its evidence. */
export function jsonOccurrence(finding: Finding, id: string, base: TimeBase) {
  const { rule, session, client, connection } = finding;
  return {
    rule: rule.id,
    severity: finding.severity,
    id,
    confidence: finding.confidence,
    downgrades: finding.downgrades.map((code) => ({ code, reason: DOWNGRADES[code] })),
    fault: finding.fault,
    session: session?.id ?? null,
    client: client === null ? null : `0x${client.clientId}`,
    channel: finding.channel,
    slot: finding.slot,
    seq: finding.seq,
    expected: jsonExpected(finding.expected),
    actual: jsonActual(finding.actual),
    ...jsonFrames(base, finding.frames),
    connection: connection?.name ?? null,
    message: finding.message,
    rfc: rule.rfc,
  };
}

/** What it rests on beside its frames. */
export function jsonEvidence({ evidence }: Finding) {
  return {
    ...evidence,
    slotBefore: jsonSlotState(evidence.slotBefore),
    slotAfter: jsonSlotState(evidence.slotAfter),
  };
}

function jsonSlotState(state: SlotState | null) {
  return state === null ? null : { lastSeq: state.lastSeq, state: state.state };
}

function jsonNumbers({ seq, slot }: Observation) {
  return { ...(seq === undefined ? {} : { seq }), ...(slot === undefined ? {} : { slot }) };
}

/** `status` is always an array: a correct peer may have a choice. */
function jsonExpected(expected: Observation | null) {
  if (expected === null) return null;
  const { status, text } = expected;
  return {
    ...jsonNumbers(expected),
    ...(status === undefined ? {} : { status: status.map(statusName) }),
    ...(text === undefined ? {} : { text }),
  };
}

/** What was seen has one status. */
function jsonActual(actual: Observation | null) {
  if (actual === null) return null;
  const { status, text } = actual;
  return {
    ...jsonNumbers(actual),
    ...(status?.[0] === undefined ? {} : { status: statusName(status[0]) }),
    ...(text === undefined ? {} : { text }),
  };
}
