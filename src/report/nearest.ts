/** Suggestions given for a word that is none of the known ones. */
const SUGGESTIONS_MAX = 3;
/** Longer words are typed by machines. */
const WORD_MAX = 80;

/** The known words that `word` may have meant, the likeliest first. */
export function nearest(word: string, known: readonly string[]): string[] {
  if (word.length > WORD_MAX) return [];
  const wanted = word.toLowerCase();
  const ranked = known.map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate) }));
  const near = ranked.filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(candidate.length / 3)));
  near.sort((a, b) => a.distance - b.distance);
  return near.slice(0, SUGGESTIONS_MAX).map(({ candidate }) => candidate);
}

/** A part of an id is nearly the id; otherwise the edit distance counts. */
function distanceOf(word: string, candidate: string): number {
  return word.length >= 3 && candidate.includes(word) ? 1 : editDistance(word, candidate);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
