/**
 * How far the heap may grow before V8 looks for garbage in all of it, in percent of what was alive the last time. On its
 * own V8 lets it grow up to four-fold.
 */
const GROWTH_PERCENT = 50;

/** Spends a little time on less memory; for long captures: with a short one to load `node:v8` is time lost. */
export async function keepHeapSmall(): Promise<void> {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
