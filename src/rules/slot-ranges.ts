/** Ranges shown; the rest is counted. */
const RANGES_MAX = 8;

/** Ascending slot ids for people: `0-3, 7`. */
export function slotRanges(ids: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < ids.length; ) {
    let end = i;
    while (end + 1 < ids.length && ids[end + 1] === ids[end]! + 1) end++;
    ranges.push(end === i ? `${ids[i]}` : `${ids[i]}-${ids[end]}`);
    i = end + 1;
  }
  const shown = ranges.slice(0, RANGES_MAX).join(", ");
  return ranges.length > RANGES_MAX ? `${shown} and ${ranges.length - RANGES_MAX} more ranges` : shown;
}

/** `slot 3` or `slots 0-3, 7`. */
export function slotsText(ids: readonly number[]): string {
  return ids.length === 1 ? `slot ${ids[0]}` : `slots ${slotRanges(ids)}`;
}
