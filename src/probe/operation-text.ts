import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK } from "../nfs4/constants.ts";
import { SEQUENCE4args, type SEQUENCE4resok } from "../nfs4/ops/session.ts";
import { valueText } from "../nfs4/value-text.ts";
import type { CompoundCall, CompoundOutcome } from "../requester/compound-call.ts";
import { type CompoundReply, type OperationResult, sequenceOf, shortStatus } from "../requester/compound-reply.ts";
import { outcomeText } from "../requester/rpc-outcome.ts";
import { Cursor } from "../xdr/cursor.ts";
import { Sink } from "../xdr/sink.ts";
import {
  ArrayType,
  FixedArrayType,
  LinkedListType,
  OptionalType,
  StructType,
  type Type,
  UnionType,
} from "../xdr/types.ts";

/** Operations and characters of one line; the capture has the rest. */
const OPERATIONS_SHOWN = 12;
const DETAIL_CHARACTERS = 120;
const CONTAINERS = [StructType, UnionType, ArrayType, FixedArrayType, LinkedListType, OptionalType];

/** A request in one line: `SEQUENCE seq 1 slot 0 highest 0, PUTROOTFH, LOOKUP objname "a"`. */
export function callText({ operations, bytes, tag }: CompoundCall): string {
  if (bytes !== undefined) return `${bytes.length} bytes instead of COMPOUND4args`;
  const texts = operations.map(operationText);
  const parts = tag === undefined ? texts : [`tag ${JSON.stringify(tag)}`, ...texts];
  return parts.length === 0 ? "no operations" : shortened(parts);
}

/** An answer in one line. */
export function answerText(outcome: CompoundOutcome): string {
  if (outcome.kind !== "reply") return outcomeText(outcome);
  const { reply } = outcome;
  if (reply.results.length === 0) return `${shortStatus(reply.status)}, no results${troubleOf(reply)}`;
  const sequence = sequenceOf(reply);
  const results = reply.results.map((result, index) =>
    index === 0 && sequence?.resok ? `SEQUENCE OK ${limitsText(sequence.resok)}` : resultText(result),
  );
  return shortened(results) + troubleOf(reply);
}

function operationText({ operation, value }: OperationValue): string {
  if (operation.args === SEQUENCE4args) return sequenceText(value as SEQUENCE4args);
  const detail = value instanceof Uint8Array ? `with ${value.length} bytes` : leaves(operation.args, value);
  return detail === "" ? operation.name : `${operation.name} ${detail}`;
}

function sequenceText(args: SEQUENCE4args): string {
  const { sa_sequenceid: seq, sa_slotid: slot, sa_highest_slotid: highest, sa_cachethis: cachethis } = args;
  return `SEQUENCE seq ${seq} slot ${slot} highest ${highest}${cachethis ? " cachethis" : ""}`;
}

function limitsText(resok: SEQUENCE4resok): string {
  const { sr_sequenceid, sr_slotid, sr_highest_slotid, sr_target_highest_slotid, sr_status_flags: flags } = resok;
  const limits = `seq ${sr_sequenceid} slot ${sr_slotid} highest ${sr_highest_slotid} target ${sr_target_highest_slotid}`;
  return flags === 0 ? limits : `${limits} flags 0x${flags.toString(16)}`;
}

function resultText({ name, status, operation, value }: OperationResult): string {
  const detail = status === NFS4_OK ? leaves(operation.res, value) : "";
  return detail === "" ? `${name} ${shortStatus(status)}` : `${name} OK ${detail}`;
}

/** The fields of a value that hold no others: `objname "a"`. A status is told apart from them. */
function leaves(type: Type<unknown>, value: unknown): string {
  const sink = new Sink();
  type.write(sink, value);
  const found: string[] = [];
  type.visit(new Cursor().reset(sink.view(), 0, sink.length), "", (path, leaf, _start, _end, leafType) => {
    if (CONTAINERS.some((container) => leafType instanceof container) || leafType.name === "nfsstat4") return;
    found.push(`${path.slice(path.lastIndexOf(".") + 1)} ${valueText(leaf, leafType)}`);
  });
  const text = found.join(" ");
  return text.length > DETAIL_CHARACTERS ? `${text.slice(0, DETAIL_CHARACTERS)}…` : text;
}

function shortened(parts: readonly string[]): string {
  const shown = parts.slice(0, OPERATIONS_SHOWN).join(", ");
  return parts.length > OPERATIONS_SHOWN ? `${shown} and ${parts.length - OPERATIONS_SHOWN} more` : shown;
}

function troubleOf({ trouble }: CompoundReply): string {
  return trouble === null ? "" : `, ${trouble}`;
}
