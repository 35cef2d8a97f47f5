import { pick } from "./random.ts";
import { op } from "./scenario.ts";
import type { SimulatedMount } from "./simulated-mount.ts";

/** A client that has to begin anew more often within a minute is told of: new-clientid-storm. */
const BEGINNINGS_MAX = 2;
const beginnings = new WeakMap<SimulatedMount, number>();

/** What may happen to a mount: connections, server, client and slot table. */
export const DISTURBANCES: readonly ((mount: SimulatedMount) => void)[] = [
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "rst"),
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "fin"),
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "silent"),
  (mount) => {
    for (const connection of [...mount.connections]) mount.loseConnection(connection, "rst");
  },
  (mount) => rarely(mount, () => mount.restart()),
  (mount) => rarely(mount, () => mount.reboot()),
  (mount) => mount.sleep(),
  (mount) => mount.server.changeTable(2 * mount.character.slots),
  (mount) => mount.server.changeTable(2 * mount.character.slots),
  recallSlots,
  (mount) => mount.callbacks.recall(),
  (mount) => mount.callbacks.recall(),
];

function rarely(mount: SimulatedMount, begin: () => void): void {
  const count = (beginnings.get(mount) ?? 0) + 1;
  if (count > BEGINNINGS_MAX) return;
  beginnings.set(mount, count);
  begin();
}

/** The server asks for slots by callback. */
function recallSlots(mount: SimulatedMount): void {
  const { callbacks, server, character } = mount;
  server.changeTable(character.slots);
  const { target } = server;
  if (!callbacks.atOnce([op.step("CB_RECALL_SLOT", { rsa_target_highest_slotid: target })])) return;
  // The client will have no more than these slots in use, and says so. RFC 8881 §20.8.3
  mount.knownHighest = Math.min(mount.knownHighest, target);
  mount.backlog.push(mount.draft([]));
  mount.pump();
}
