import { pick } from "./random.ts";
import { op } from "./scenario.ts";
import type { SimulatedMount } from "./simulated-mount.ts";

const FORE_OR_BOTH = 3;
const BOTH = 3;

/** What may happen to a mount: connections, server, client and slot table. */
export const DISTURBANCES: readonly ((mount: SimulatedMount) => void)[] = [
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "rst"),
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "fin"),
  (mount) => mount.loseConnection(pick(mount.next, mount.connections), "silent"),
  (mount) => {
    for (const connection of [...mount.connections]) mount.loseConnection(connection, "rst");
  },
  (mount) => mount.restart(),
  (mount) => mount.reboot(),
  (mount) => mount.sleep(),
  (mount) => mount.server.changeTable(2 * mount.character.slots),
  (mount) => mount.server.changeTable(2 * mount.character.slots),
  recallSlots,
];

/** The server asks for slots by callback, on a connection that the client has bound for it. */
function recallSlots(mount: SimulatedMount): void {
  const { world, session, server, character } = mount;
  const on = mount.connections[0]!;
  server.changeTable(character.slots);
  const { target } = server;
  const steps = [
    session.callbackSequence(0, ++mount.callbackSeq),
    op.step("CB_RECALL_SLOT", { rsa_target_highest_slotid: target }),
  ];
  const options = { minor: character.minor };
  world.dialogue(() => {
    if (mount.callbacksOn !== on) on.bind(session.id, FORE_OR_BOTH, BOTH, options).ok();
    mount.callbacksOn = on;
    on.callback(steps, options).ok();
  });
  mount.giveBack(target);
}
