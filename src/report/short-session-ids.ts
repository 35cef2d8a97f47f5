/** Digits that always show; ids differ in their first half far more often than not. */
const DIGITS_MIN = 8;

/** For each session id the shortest beginning, in steps of four digits, that no other of them has. */
export function shortSessionIds(ids: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(ids)].sort();
  const short = new Map<string, string>();
  for (const [i, id] of sorted.entries()) {
    const common = Math.max(sharedDigits(id, sorted[i - 1]), sharedDigits(id, sorted[i + 1]));
    short.set(id, id.slice(0, Math.max(DIGITS_MIN, 4 * Math.ceil((common + 1) / 4))));
  }
  return short;
}

/** Neighbours in sorted order share the most. */
function sharedDigits(id: string, other: string | undefined): number {
  if (other === undefined) return 0;
  let count = 0;
  while (count < id.length && id[count] === other[count]) count++;
  return count;
}
