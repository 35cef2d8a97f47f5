import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import type { stateid4 } from "../../src/nfs4/types.ts";
import { arbitrary } from "./arbitrary.ts";
import { integer, pick, random } from "./random.ts";

/** Things that exist, for arguments that would otherwise name nothing. */
export interface Known {
  readonly stateids: readonly stateid4[];
  readonly handles: readonly Uint8Array[];
  readonly names: readonly string[];
}

/** Fields that hold names in a directory. */
const NAME_FIELDS = new Set(["objname", "target", "oldname", "newname", "file", "name"]);

/** Operations of any kind with any arguments of their form, some of which name what exists. */
export function anyCompound(next: () => number, minorVersion: number, known: Known): OperationValue[] {
  const served = operations.filter(({ name, minMinor }) => name !== "SEQUENCE" && minMinor <= minorVersion);
  return Array.from({ length: integer(next, 1, 6) }, () => {
    const operation = pick(next, served);
    return { operation, value: settled(arbitrary(operation.args, next), "", next, known) };
  });
}

function settled(value: unknown, field: string, next: () => number, known: Known): unknown {
  if (next() < 0.3) return value;
  if (field === "object" && known.handles.length > 0) return pick(next, known.handles);
  if (NAME_FIELDS.has(field) && typeof value === "string") return pick(next, known.names);
  if (isStateid(value)) return known.stateids.length > 0 ? pick(next, known.stateids) : value;
  if (Array.isArray(value)) return value.map((each) => settled(each, "", next, known));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value) || "bytes" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, settled(each, name, next, known)]));
}

function isStateid(value: unknown): value is stateid4 {
  return value !== null && typeof value === "object" && "seqid" in value && "other" in value;
}

const EDGES = [0, 1, 4, 0x7f, 0x80, 0xff];

/** The bytes with a few of them changed, taken out, put in or doubled. */
export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  let now = Uint8Array.from(bytes);
  for (let count = integer(next, 1, 4); count > 0; count--) {
    const at = integer(next, 0, Math.max(0, now.length - 1));
    const length = integer(next, 1, 8);
    const before = now.subarray(0, at);
    switch (integer(next, 0, 4)) {
      case 0:
        now[at] = integer(next, 0, 255);
        break;
      case 1:
        now.fill(pick(next, EDGES), at & ~3, Math.min(now.length, (at & ~3) + 4));
        break;
      case 2:
        now = Uint8Array.from([...before, ...now.subarray(at + length)]);
        break;
      case 3:
        now = Uint8Array.from([...before, ...Array.from({ length }, () => integer(next, 0, 255)), ...now.subarray(at)]);
        break;
      default:
        now = Uint8Array.from([...before, ...now.subarray(at, at + 4 * length), ...now.subarray(at)]);
    }
  }
  return now;
}
