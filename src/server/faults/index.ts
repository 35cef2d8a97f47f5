import { chained, type Hooks } from "../hooks.ts";
import { backChannelFaults } from "./back-channel.ts";
import type { Fault } from "./fault.ts";
import { replyFaults } from "./replies.ts";
import { replyCacheFaults } from "./reply-cache.ts";
import { sessionFaults } from "./sessions.ts";

/** Every fault of the server: what `--fault` takes, what tests go through, what `explain` tells. */
export const faults: readonly Fault[] = [...replyCacheFaults, ...replyFaults, ...sessionFaults, ...backChannelFaults];

const byId = new Map(faults.map((fault) => [fault.id, fault]));

/** The fault of that id, if it is one. */
export function faultOf(id: string): Fault | undefined {
  return byId.get(id);
}

/** The hooks of a server with these faults. */
export function faultHooks(ids: readonly string[]): Hooks {
  return chained(
    ids.map((id) => {
      const fault = byId.get(id);
      if (fault === undefined) throw new RangeError(`no fault ${id}`);
      return fault.hooks();
    }),
  );
}
