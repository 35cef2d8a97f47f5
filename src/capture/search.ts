import type { Chunk } from "./chunk.ts";
import type { DamageLog } from "./damage-log.ts";
import { RESYNC_BYTES_MAX } from "./limits.ts";

/** `found`: the chunk starts with a record or block; `more`: read on, with room for `needed` bytes; `none`: the end of the capture. */
export type ScanResult = "found" | "more" | "none";

/**
 * What a search for the next record of a damaged capture has come to: `searching` still, `found`, `nothing` before the
 * end of the capture, or `abandoned` because it took too long. The damage at `lostAt` is amended by how it went on.
 */
export function concludeSearch(
  result: ScanResult,
  chunk: Chunk,
  lostAt: number,
  log: DamageLog,
  record: "packet" | "block",
): "searching" | "found" | "nothing" | "abandoned" {
  const skipped = chunk.offset - lostAt;
  if (result === "found") {
    log.amend(`; went on ${skipped} bytes later`);
    return "found";
  }
  if (result === "more" && skipped <= RESYNC_BYTES_MAX) return "searching";
  const rest = result === "none" ? "" : ", what follows is not read";
  log.amend(`; no further ${record} in the ${skipped} bytes after it${rest}`);
  chunk.start = chunk.end;
  return result === "none" ? "nothing" : "abandoned";
}
