import { driven } from "./driven.ts";
import type { JobFigures } from "./driver.ts";
import type { Target } from "./targets.ts";

const LOOK_EACH = 100_000;
/** Heaps breathe: what is more than that above the first look is growth. */
const GROWTH_MEGABYTES_MAX = 32;

/** So many operations against one server; tells how large it is at each step. */
export async function endure(driver: string, target: Target, work: string, operations: number): Promise<string> {
  const until = { operations, each: Math.min(LOOK_EACH, Math.max(1, Math.floor(operations / 10))) };
  const figures = await driven(driver, target, { work, warmUpSeconds: 1, until });
  return enduranceText(target.name, work, figures);
}

/** Every look, and whether memory grows over the second half of them. */
export function enduranceText(target: string, work: string, { growth, operations, seconds }: JobFigures): string {
  const lines = growth.map((look) => {
    const [server, driver] = [look.server / 1000, look.driver / 1000];
    return `${`${look.operations}`.padStart(9)} operations: server ${server.toFixed(0)} MB, driver ${driver.toFixed(0)} MB`;
  });
  return [
    `${target}, ${work}: ${operations} operations, ${(operations / seconds).toFixed(0)} a second`,
    ...lines,
    verdict(growth.map(({ server }) => server / 1000)),
  ].join("\n");
}

/** The smallest of the last third beside the largest of the first: a sawtooth is no growth. */
function verdict(megabytes: readonly number[]): string {
  const third = Math.ceil(megabytes.length / 3);
  const early = Math.max(...megabytes.slice(0, third));
  const late = Math.min(...megabytes.slice(-third));
  const grown = late - early;
  return grown > GROWTH_MEGABYTES_MAX
    ? `memory of the server grows: ${grown.toFixed(0)} MB`
    : "memory of the server does not grow";
}
