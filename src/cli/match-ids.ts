import { nearest } from "../report/nearest.ts";
import { UsageError } from "./usage-error.ts";

/** What is chosen from, in groups. */
export interface Choices {
  readonly groups: ReadonlyMap<string, readonly { readonly id: string }[]>;
  /** `rule` */
  readonly noun: string;
  /** The command that lists them all. */
  readonly listing: string;
}

/** The ids that a word means: an id, a group's name, or a pattern in which `*` stands for anything. */
export function matchIds(word: string, choices: Choices): string[] {
  const { groups, noun, listing } = choices;
  const ids = [...groups.values()].flat().map(({ id }) => id);
  if (ids.includes(word)) return [word];
  const group = groups.get(word);
  if (group !== undefined) return group.map(({ id }) => id);
  if (!word.includes("*")) throw new UsageError(unknownId(word, [...ids, ...groups.keys()], choices));
  const parts = word.split(/\*+/).map((part) => part.replace(/[^\w-]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  const found = ids.filter((id) => pattern.test(id));
  if (found.length === 0) throw new UsageError(`no ${noun} is called ${word}: \`${listing}\` lists them all`);
  return found;
}

/** What to say of an id that does not exist. */
export function unknownId(word: string, known: readonly string[], { noun, listing }: Omit<Choices, "groups">): string {
  const near = nearest(word, known);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `\`${listing}\` lists them all`;
  return `there is no ${noun} ${word}: ${hint}`;
}
