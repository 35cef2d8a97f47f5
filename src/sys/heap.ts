/**
 * How far the heap may grow before V8 looks for garbage in all of it, in percent of what was alive the last time. On its
 * own V8 lets it grow up to four-fold.
 */
const GROWTH_PERCENT = 50;

/** Spends a little time on less memory. Loading `node:v8` takes longer than a short capture does: for long ones only. */
export async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
