import type { Probe } from "../probe.ts";
import { DUPLICATE_DEVIATIONS, DUPLICATE_PERMITS, DUPLICATE_REQUIRES, raceDuplicates } from "./race-duplicates.ts";

export const inProgressSameConn: Probe = {
  id: "in-progress-same-conn",
  title: "A duplicate comes on the same connection while the original runs",
  requires: DUPLICATE_REQUIRES,
  permits: DUPLICATE_PERMITS,
  rfc: "RFC 8881 §2.10.6.2",
  knownDeviations: DUPLICATE_DEVIATIONS,
  writes: true,
  run: (bench) => raceDuplicates(bench, async (_client, { connection }) => connection),
};
