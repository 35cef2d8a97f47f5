import { InvalidArgumentError, Option } from "commander";
import { listed } from "../text/quantity.ts";

const BYTE_UNITS: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** An option that takes one of some words. */
export function choice(flags: string, choices: readonly string[], what = ""): Option {
  return new Option(flags, `${what}${listed(choices, "or")}`).argParser((word: string) => oneOf(word, choices));
}

function oneOf(word: string, choices: readonly string[]): string {
  if (choices.includes(word)) return word;
  throw new InvalidArgumentError(`Write one of: ${choices.join(", ")}.`);
}

/** Reads a whole number within bounds. */
export function whole(from: number, to: number): (word: string) => number {
  return (word) => {
    const number = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    if (number >= from && number <= to) return number;
    throw new InvalidArgumentError(`Write a whole number from ${from} to ${to}.`);
  };
}

/** Reads `512M`. */
export function byteCount(word: string): number {
  const [, digits, unit] = /^(\d{1,12})([KMG]?)$/.exec(word) ?? [];
  if (digits === undefined) throw new InvalidArgumentError("Write a number of bytes, as in 512M.");
  return Number(digits) * (BYTE_UNITS[unit ?? ""] as number);
}

/** Gathers the values of an option that may be repeated. */
export function collect(word: string, before: string[] | undefined): string[] {
  return [...(before ?? []), word];
}

/** Likewise where each value is a list with commas. */
export function collectList(word: string, before: string[] | undefined): string[] {
  const words = word.split(",").map((id) => id.trim());
  return [...(before ?? []), ...words.filter((id) => id !== "")];
}

/** Reads minor versions: `1`, `2` or `1,2`. */
export function minorVersions(word: string): number[] {
  if (!/^[12](,[12])?$/.test(word)) throw new InvalidArgumentError("Write 1, 2 or 1,2.");
  return [...new Set(word.split(",").map(Number))];
}
