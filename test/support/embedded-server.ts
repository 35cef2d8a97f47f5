import { type ManagedOptions, ManagedSession } from "../../src/requester/managed-session.ts";
import type { Requester, RequesterOptions } from "../../src/requester/requester.ts";
import { faultHooks } from "../../src/server/faults/index.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { Nfs4Server } from "../../src/server/server.ts";
import { type LinkConditions, MemoryNetwork } from "./memory-network.ts";
import { seededBytes, testRequester } from "./requester-fixture.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** No two looks at this clock show the same time, as on any machine: an onlooker can put everything in order. */
class TickingTimers extends VirtualTimers {
  #looks = 0n;

  override wallNanos(): bigint {
    return super.wallNanos() + 1000n * ++this.#looks;
  }
}

/** How a world is made. */
export interface EmbeddedWorldOptions {
  readonly server?: Partial<ServerOptions>;
  readonly faults?: readonly string[];
  readonly link?: LinkConditions;
  readonly seed?: number;
}

/** The embedded server, a network to it, and clients, in virtual time. */
export class EmbeddedWorld {
  readonly timers = new TickingTimers();
  readonly log: string[] = [];
  readonly server: Nfs4Server;
  readonly network: MemoryNetwork;
  readonly #seed: number;
  #owners = 0;

  constructor({ server = {}, faults = [], link = {}, seed = 1 }: EmbeddedWorldOptions = {}) {
    const { timers } = this;
    this.#seed = seed;
    this.server = new Nfs4Server({
      timers,
      random: seededBytes(seed),
      hooks: faultHooks(faults),
      log: (line) => this.log.push(line),
      options: server,
    });
    this.network = new MemoryNetwork(timers, (channel) => this.server.accept(channel), link);
  }

  /** A client owner that nobody else is. */
  requester(changes: Partial<RequesterOptions> = {}): Requester {
    const number = ++this.#owners;
    const owner = { ownerId: Buffer.from(`owner ${number}`), verifier: new Uint8Array(8).fill(number) };
    const random = seededBytes(this.#seed + number);
    return testRequester(this.timers, this.network.connect, { owner, random, ...changes });
  }

  /** A session that is kept alive, open. */
  async managed(options: ManagedOptions = {}, changes: Partial<RequesterOptions> = {}): Promise<ManagedSession> {
    const session = new ManagedSession(this.requester(changes), options);
    const trouble = await this.timers.until(session.open());
    if (trouble !== null) throw new Error(trouble);
    return session;
  }
}
