import type { OperationValue } from "../../nfs4/compound-writer.ts";
import type { Bench } from "../bench.ts";
import { putFh, readLink } from "../operations.ts";
import type { ProbeSession } from "../probe-session.ts";
import type { Witness } from "../witness.ts";

const TARGET_BYTES = 1000;

/** PUTFH of a symbolic link and READLINKs whose results, which cannot be cut short, take more than so many bytes. */
export async function longReply(
  bench: Bench,
  session: ProbeSession,
  onlooker: Witness,
  bytes: number,
): Promise<OperationValue[]> {
  const link = await onlooker.makeLink(`link-${bytes}`, "x/".repeat(TARGET_BYTES / 2));
  const operations = [putFh(link), ...Array.from({ length: Math.floor(bytes / TARGET_BYTES) + 1 }, readLink)];
  const { maxOperations } = session.granted;
  // SEQUENCE, and what probes put before it.
  const others = 4;
  if (operations.length + others > maxOperations) {
    bench.skip(`${maxOperations} operations cannot make a reply of more than ${bytes} bytes`);
  }
  return operations;
}
