/** 1043 as `1,043`. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 call`, `2 calls`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** Rounded down, so that 100 % means all. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part >= whole) return "100 %";
  const tenths = Math.floor((part / whole) * 1000);
  return tenths % 10 === 0 ? `${tenths / 10} %` : `${(tenths / 10).toFixed(1)} %`;
}

/** Microseconds with three digits and a unit that suits them. */
export function duration(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} us`;
  if (micros < 1_000_000) return `${significant(micros / 1000)} ms`;
  return `${significant(micros / 1_000_000)} s`;
}

function significant(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** `a, b and c`. */
export function listed(words: readonly string[], link: "and" | "or" = "and"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${link} ${words.at(-1)}`;
}
