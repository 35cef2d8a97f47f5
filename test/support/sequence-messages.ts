import { existsSync, readFileSync } from "node:fs";
import { Analyzer } from "../../src/analysis/analyzer.ts";
import { type OpenedCapture, openCapture } from "../../src/capture/detect.ts";
import { mergeFrames } from "../../src/capture/merge.ts";
import type { Call } from "../../src/session/call.ts";
import type { FactKind } from "../../src/session/facts.ts";
import type { Sighting } from "../../src/session/sighting.ts";
import { openSource } from "../../src/sys/files.ts";
import { FIXTURE_CAPTURES, SHARED_CAPTURES } from "./capture-files.ts";

/** One line for each SEQUENCE or CB_SEQUENCE message: `frame xid channel call session/slot/seq` or `… reply status`. */
export type SequenceMessages = string[];

const CALLS: ReadonlySet<FactKind> = new Set<FactKind>([
  "call-new",
  "call-early",
  "call-retry",
  "call-misordered",
  "call-adopted",
  "call-dead-session",
]);
const REPLIES: ReadonlySet<FactKind> = new Set<FactKind>(["answer-clean", "answer", "unknown-session"]);

/**
 * Every SEQUENCE call and reply of which the session model tells, on both channels. Several captures are numbered
 * through, as tshark does with merged ones.
 */
export async function sequenceMessages(paths: readonly string[]): Promise<SequenceMessages> {
  const captures: OpenedCapture[] = [];
  for (const path of paths) captures.push(await openCapture(await openSource(path)));
  const seen: { at: Sighting; text: string }[] = [];
  const framesOf = captures.map(() => 0);
  const analyzer = new Analyzer([]);
  analyzer.engine.tell = (kind, fact) => {
    const call = CALLS.has(kind) || REPLIES.has(kind) ? callOf(fact) : null;
    if (call === null || call.slotId < 0) return;
    const head = `${hex(call.xid)} ${call.channel}`;
    const { session, slotId, seq, reply } = call;
    if (CALLS.has(kind)) seen.push({ at: call, text: `${head} call ${session?.id}/${slotId}/${seq}` });
    else if (reply !== null) seen.push({ at: reply, text: `${head} reply ${reply.status}` });
  };
  await mergeFrames(captures, (frame) => {
    framesOf[frame.capture] = frame.number;
    analyzer.push(frame);
  });
  analyzer.finish();
  await Promise.all(captures.map((capture) => capture.close()));
  const before = framesOf.map((_, index) => framesOf.slice(0, index).reduce((sum, frames) => sum + frames, 0));
  return seen.map(({ at, text }) => `${at.frame + (before[at.capture] as number)} ${text}`).sort();
}

function callOf(fact: unknown): Call {
  return (fact as { call?: Call }).call ?? (fact as Call);
}

const hex = (xid: number) => (xid >>> 0).toString(16).padStart(8, "0");

const TRUTH_FOLDERS = [`${FIXTURE_CAPTURES}/../truth`, `${SHARED_CAPTURES}/truth`];

/** The same lines as tshark has them (out-of-order reassembly on); null if there is no such list. */
export function sequenceTruth(name: string): SequenceMessages | null {
  const path = TRUTH_FOLDERS.map((folder) => `${folder}/${name}.tsv`).find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  const [head, ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");
  const names = (head as string).split("\t");
  const messages = rows.map((row) => {
    const cells = row.split("\t");
    return Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ""]));
  });
  return messages
    .filter(({ ops }) => /^(53|cb11)(,|$)/.test(ops as string))
    .map(truthLine)
    .sort();
}

function truthLine(row: Record<string, string>): string {
  const { frame, xid, dir, msgtyp, session_id, slotid, seqid, status } = row;
  const what = msgtyp === "0" ? `call ${session_id}/${slotid}/${seqid}` : `reply ${status}`;
  return `${frame} ${hex(Number(xid))} ${dir === "cb" ? "back" : "fore"} ${what}`;
}
