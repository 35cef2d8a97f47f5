import type { Finding } from "../rules/finding.ts";

/** Wireshark display filters that show the frames of a finding; frame numbers count in one file only. */
export function frameFilter(frames: readonly number[]): string {
  const sorted = [...new Set(frames)].sort((a, b) => a - b);
  return sorted.length === 1 ? `frame.number == ${sorted[0]}` : `frame.number in {${sorted.join(", ")}}`;
}

/**
 * Everything that names the finding's slot; null without one. Replies that failed in SEQUENCE name
 * neither session nor slot: no filter on those can show them.
 */
export function slotFilter({ session, channel, slot }: Finding): string | null {
  if (session === null || slot === null) return null;
  const id = (session.id.match(/../g) ?? []).join(":");
  // Wireshark's fields of CB_SEQUENCE are those of SEQUENCE, in the protocol nfs.cb.
  const callbacks = channel === "back" ? " && nfs.cb" : "";
  return `nfs.session_id4 == ${id} && nfs.slotid == ${slot}${callbacks}`;
}
