import type { ObservedConnection } from "../session/observed-connection.ts";

/** How a connection ended, to follow its name: `was reset by the client`. */
export function endingText({ ending }: ObservedConnection): string {
  const by = ending?.by == null ? "" : ` by the ${ending.by}`;
  if (ending?.how === "rst") return `was reset${by}`;
  return ending?.how === "fin" ? `was closed${by}` : "was replaced by another on the same ports";
}
