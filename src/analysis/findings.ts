import { NFS4_OK } from "../nfs4/constants.ts";
import { isBeyondTable } from "../rules/beyond-table.ts";
import { type Finding, SAMPLES_MAX, type SlotState } from "../rules/finding.ts";
import { operationNameOf } from "../rules/operation-name-of.ts";
import type { Report, Rule } from "../rules/rule.ts";
import type { Call } from "../session/call.ts";
import type { ObservedSlot } from "../session/observed-slot.ts";
import type { Upheaval } from "../session/upheavals.ts";
import type { Occurrence } from "./analysis-stream.ts";
import type { Judged } from "./confidence.ts";
import { Crowd, upheavalOf } from "./crowd.ts";

/** Distinct folded findings kept; a capture with more has said enough. */
const FINDINGS_MAX = 10_000;

/** Collects what rules report. What repeats is folded, so that one broken client does not drown the report. */
export class Findings {
  readonly #byKey = new Map<string, Finding>();
  /** Of findings that tell of an upheaval. */
  readonly #crowds = new Map<Finding, Crowd>();
  readonly #ids = new WeakMap<object, number>();
  #lastId = 0;
  dropped = 0;
  /** Told of each occurrence as it is added. */
  listener: ((occurrence: Occurrence) => void) | null = null;

  get all(): Finding[] {
    return [...this.#byKey.values()];
  }

  add(rule: Rule, report: Report, judged: Judged, evidence = evidenceOf(report)): void {
    const place = placeOf(report);
    const upheaval = upheavalOf(rule, report);
    const key = this.#keyOf(rule, report, place, upheaval);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      fold(known, report);
      this.#crowds.get(known)?.join(report, place);
      this.listener?.({ alone: findingOf(rule, report, judged, evidence, place), folded: known });
      return;
    }
    const finding = findingOf(rule, report, judged, evidence, place);
    const hasRoom = this.#byKey.size < FINDINGS_MAX;
    if (hasRoom) {
      this.#byKey.set(key, finding);
      if (upheaval !== null) this.#crowds.set(finding, new Crowd(finding, report, upheaval));
    } else this.dropped++;
    this.listener?.({ alone: finding, folded: hasRoom ? finding : null });
  }

  /**
   * Adds what changes nothing but a number: the report, of no upheaval, is like a finding that has all its samples. False,
   * and nothing added, if it is not.
   */
  addRepetition(rule: Rule, report: Report, judged: Judged): boolean {
    const place = placeOf(report);
    if (upheavalOf(rule, report) !== null) return false;
    const known = this.#byKey.get(this.#keyOf(rule, report, place, null));
    if (known === undefined || known.samples.length < SAMPLES_MAX) return false;
    fold(known, report);
    this.listener?.({ alone: findingOf(rule, report, judged, evidenceOf(report), place), folded: known });
    return true;
  }

  /** Findings with the same one are one. */
  #keyOf(rule: Rule, report: Report, place: Place, upheaval: Upheaval | null): string {
    const { session, client, connection, channel, slot } = place;
    const where =
      upheaval === null
        ? `${this.#id(session ?? client ?? connection)}|${slot}`
        : `${this.#id(upheaval)}|${report.fault}`;
    return `${rule.id}|${report.severity}|${channel}|${where}`;
  }

  #id(thing: object | null): number {
    if (thing === null) return 0;
    let id = this.#ids.get(thing);
    if (id === undefined) {
      id = ++this.#lastId;
      this.#ids.set(thing, id);
    }
    return id;
  }

  limits() {
    return [{ name: "folded findings", bound: FINDINGS_MAX, dropped: this.dropped }];
  }
}

/** Where a finding belongs. */
type Place = Pick<Finding, "session" | "client" | "connection" | "channel" | "slot" | "seq">;

function placeOf(report: Report): Place {
  const { call } = report;
  const session = report.session === undefined ? (call?.session ?? null) : report.session;
  const client = report.client ?? session?.client ?? null;
  const connection = report.connection === undefined ? (call?.connection ?? null) : report.connection;
  if (call === undefined || call.slotId < 0)
    return { session, client, connection, channel: null, slot: null, seq: null };
  return { session, client, connection, channel: call.channel, slot: call.slotId, seq: call.seq };
}

/** What is found when nothing else is. */
function findingOf(
  rule: Rule,
  report: Report,
  { confidence, downgrades }: Judged,
  evidence: Finding["evidence"],
  place: Place,
): Finding {
  return {
    rule,
    severity: report.severity ?? rule.severity,
    confidence,
    downgrades,
    fault: report.fault ?? rule.fault,
    ...place,
    expected: report.expected ?? null,
    actual: report.actual ?? null,
    frames: report.frames.map(({ capture, frame, at }) => ({ capture, frame, at })),
    message: report.message,
    evidence: { ...evidence, ...comparisonOf(report) },
    occurrences: 1,
    samples: [],
    lastAt: null,
  };
}

function fold(finding: Finding, report: Report): void {
  finding.occurrences++;
  const { lastAt } = finding;
  const at = report.frames.at(-1)?.at ?? lastAt;
  // A repetition may be added before an older one that had to wait.
  finding.lastAt = at === null || lastAt === null ? at : Math.max(at, lastAt);
  if (finding.samples.length < SAMPLES_MAX)
    finding.samples.push(report.frames.map(({ capture, frame, at }) => ({ capture, frame, at })));
}

/** The requests that had one sequence id; found out after the facts on which rules report. */
function comparisonOf({ call }: Report): Pick<Finding["evidence"], "operations" | "firstDifference"> {
  if (call?.original == null || call.difference === null) return {};
  const namesOf = ({ operations }: Call) => operations.numbers.map((operation) => operationNameOf(call, operation));
  return {
    operations: { before: namesOf(call.original), after: namesOf(call) },
    firstDifference: call.difference,
  };
}

/** The slot before the call and after its reply, or now where there is none. */
export function evidenceOf({ call }: Report): Finding["evidence"] {
  // A slot that the table does not have stands nowhere, nor does one of a session that has ended.
  if (call?.slot == null || call.verdict === "unjudged" || isBeyondTable(call))
    return { slotBefore: null, slotAfter: null };
  return { slotBefore: stateBefore(call), slotAfter: stateAfter(call, call.slot) };
}

function stateBefore(call: NonNullable<Report["call"]>): SlotState {
  if (call.lastSeqBefore < 0) return { lastSeq: null, state: "unknown" };
  return { lastSeq: call.lastSeqBefore, state: call.slotWasBusy ? "outstanding" : "idle" };
}

/** Rules are told of a reply before the slot takes it in. RFC 8881 §18.46.3: an error of SEQUENCE moves no slot. */
function stateAfter(call: Call, slot: ObservedSlot): SlotState {
  const { reply, verdict, lastSeqBefore } = call;
  const isLatest = slot.current?.first === call.first;
  // Given up or not: nobody knows of an answer.
  if (reply === null && isLatest && !call.wasAccepted) return { lastSeq: slot.lastSeq, state: "outstanding" };
  if (reply === null) return stateOf(slot);
  if (isLatest && reply.sequenceStatus > NFS4_OK && !call.wasAccepted && !call.isRunning)
    return { lastSeq: lastSeqBefore < 0 ? null : lastSeqBefore, state: lastSeqBefore < 0 ? "unknown" : "idle" };
  const wasJump = verdict === "ahead" || verdict === "behind" || verdict === "zero-first";
  if (wasJump && reply.sequenceStatus === NFS4_OK) return { lastSeq: call.seq, state: "idle" };
  return stateOf(slot);
}

function stateOf(slot: ObservedSlot): SlotState {
  if (slot.anchor === "none") return { lastSeq: null, state: "unknown" };
  return { lastSeq: slot.lastSeq, state: slot.isBusy ? "outstanding" : "idle" };
}
