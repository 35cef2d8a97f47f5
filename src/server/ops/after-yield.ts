import type { CompoundContext } from "../context.ts";
import type { Inode } from "../fs/inode.ts";
import type { MaybePromise } from "../handler.ts";

/**
 * Acts once other clients have given back their delegations of these objects. `allow` refuses what must not be; who had
 * to wait is asked again, as much may have happened. RFC 8881 §10.4.4
 */
export function afterYield<T>(
  context: CompoundContext,
  inodes: readonly Inode[],
  act: () => T,
  allow: () => void = () => {},
): MaybePromise<T> {
  const { states } = context.services;
  allow();
  const waits = inodes.flatMap((inode) => states.yieldDelegations(context, inode) ?? []);
  if (waits.length === 0) return act();
  return Promise.all(waits).then(() => {
    allow();
    // Who gave one back may have been given another by the next operation of the same compound.
    for (const inode of inodes) states.requireYielded(context, inode);
    return act();
  });
}
