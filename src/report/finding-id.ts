import type { Finding } from "../rules/finding.ts";

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** A name for a finding that stays the same from run to run: the hash (FNV-1a, 64 bits) of folding key and first frame. */
export function findingId(finding: Finding): string {
  const { rule, severity, session, client, connection, channel, slot, frames } = finding;
  const whose = session?.id ?? client?.clientId ?? connection?.name ?? "";
  const first = frames[0];
  const key = [rule.id, severity, whose, channel ?? "", slot ?? "", first?.capture ?? "", first?.frame ?? ""].join("|");
  let hash = FNV_OFFSET;
  for (let i = 0; i < key.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(key.charCodeAt(i))) * FNV_PRIME);
  }
  return hash.toString(16).padStart(16, "0");
}
