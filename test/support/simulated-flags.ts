import { pick, random } from "./random.ts";
import { op } from "./scenario.ts";
import type { SimulatedMount } from "./simulated-mount.ts";
import type { Request } from "./simulated-request.ts";

const CB_PATH_DOWN = 0x1;
const ADMIN_STATE_REVOKED = 0x20;
const MILLI = 1e6;
/** Of a request, that a lock is revoked when it comes. */
const REVOKED = 0.01;

export const TEST_STATEID = op.step("TEST_STATEID", { ts_stateids: [] }, { tsr_resok4: { tsr_status_codes: [] } });

/** What the server says in sr_status_flags, and what the client does about it. RFC 8881 §18.46.3 */
export class SimulatedFlags {
  isRevoked = false;
  readonly #mount: SimulatedMount;
  /** Of its own, so that flags change nothing else of what is drawn. */
  readonly #next = random(1);
  #isReacting = false;

  constructor(mount: SimulatedMount) {
    this.#mount = mount;
  }

  get value(): number {
    return (this.#mount.callbacks.isPathDown ? CB_PATH_DOWN : 0) | (this.isRevoked ? ADMIN_STATE_REVOKED : 0);
  }

  /** The session is new, and maybe the server. */
  clear(): void {
    this.isRevoked = false;
    this.#isReacting = false;
  }

  /** Looked at when the server begins with a request; for a reply that it kept it may look at them again or not. */
  stamp(request: Request, statuses: readonly number[], wasKept: boolean): void {
    if (wasKept && this.#next() < 0.5) return;
    if (this.#next() < REVOKED) this.isRevoked = true;
    request.flags = this.value;
    const isAcknowledged = request.steps[0] === TEST_STATEID && statuses.every((status) => status === 0);
    if (isAcknowledged) this.isRevoked = false;
  }

  /** A reply came: the client does what it is asked to, once, at its leisure. */
  heed({ flags, session }: Request): void {
    const mount = this.#mount;
    if (flags === 0 || this.#isReacting || session !== mount.session) return;
    this.#isReacting = true;
    const { life } = mount;
    mount.world.after(pick(this.#next, [0, 1, 50, 2000]) * MILLI, () => {
      this.#isReacting = false;
      if (mount.life !== life || mount.isAway || mount.connections.length === 0 || session !== mount.session) return;
      if (mount.callbacks.isPathDown) mount.callbacks.bound();
      if ((flags & ADMIN_STATE_REVOKED) === 0) return;
      mount.enqueue([TEST_STATEID]);
      mount.pump();
    });
  }
}
