/** Canonical text of an address given as 32-bit words; IPv6 as RFC 5952 §4 and §5 write it. */
export function formatAddress(family: 4 | 6, word0: number, word1: number, word2: number, word3: number): string {
  if (family === 4) return dotted(word0);
  if (word0 === 0 && word1 === 0 && word2 === 0xffff) return `::ffff:${dotted(word3)}`;
  const groups: number[] = [];
  for (const word of [word0, word1, word2, word3]) groups.push(word >>> 16, word & 0xffff);
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return hex(groups);
  return `${hex(groups.slice(0, zeros.at))}::${hex(groups.slice(zeros.at + zeros.length))}`;
}

function dotted(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** The first of the longest runs of zero groups: the one that `::` replaces (RFC 5952 §4.2.3). */
function longestZeros(groups: readonly number[]): { at: number; length: number } {
  const best = { at: 0, length: 0 };
  let length = 0;
  for (let i = 0; i < groups.length; i++) {
    length = groups[i] === 0 ? length + 1 : 0;
    if (length > best.length) {
      best.at = i + 1 - length;
      best.length = length;
    }
  }
  return best;
}
