import { probeFamilies, probes } from "../probe/index.ts";
import type { Probe } from "../probe/probe.ts";
import { type Choices, matchIds } from "./match-ids.ts";

export const PROBE_CHOICES: Choices = { groups: probeFamilies, noun: "probe", listing: "slotshark probe --list" };

/** The probes that the words mean, in the order of the catalogue; those that take long or disturb others only by their own names. */
export function chooseProbes(words: readonly string[] | undefined): Probe[] {
  if (words === undefined) return probes.filter(({ optIn }) => optIn === undefined);
  const chosen = new Set(words.flatMap((word) => matchIds(word, PROBE_CHOICES)));
  return probes.filter(({ id, optIn }) => chosen.has(id) && (optIn === undefined || words.includes(id)));
}
