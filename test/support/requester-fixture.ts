import { type ManagedOptions, ManagedSession } from "../../src/requester/managed-session.ts";
import { Requester, type RequesterOptions } from "../../src/requester/requester.ts";
import { type Auth, authSys } from "../../src/rpc/write.ts";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import type { Timers } from "../../src/sys/timers.ts";
import { FakeNfsServer } from "./fake-nfs-server.ts";
import { type LinkConditions, MemoryNetwork } from "./memory-network.ts";
import { random } from "./random.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** Bytes from a seed, where the program would ask the machine. */
export function seededBytes(seed: number): (count: number) => Uint8Array {
  const next = random(seed);
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256));
}

/** AUTH_SYS of a user. */
export function userCredential(uid: number): Auth {
  return authSys({ machineName: Buffer.from("test"), uid, gid: uid });
}

/** A requester with a client owner of its own. */
export function testRequester(
  timers: Timers,
  connect: () => Promise<ByteChannel>,
  changes: Partial<RequesterOptions> = {},
): Requester {
  const owner = { ownerId: Buffer.from("test owner"), verifier: new Uint8Array(8).fill(1) };
  return new Requester({ connect, timers, random: seededBytes(1), owner, cred: userCredential(1000), ...changes });
}

/** A fake server, a network to it and a requester, in virtual time. */
export function fakeWorld(conditions: LinkConditions = {}, changes: Partial<RequesterOptions> = {}) {
  const timers = new VirtualTimers();
  const server = new FakeNfsServer();
  const network = new MemoryNetwork(timers, server.accept, conditions);
  const requester = testRequester(timers, network.connect, changes);
  return {
    timers,
    server,
    network,
    requester,
    /** A managed session, open. */
    managed: async (options: ManagedOptions = {}) => {
      const session = new ManagedSession(requester, options);
      const trouble = await timers.until(session.open());
      if (trouble !== null) throw new Error(trouble);
      return session;
    },
    /** A session for requests written by hand. */
    raw: async () => {
      const connection = await timers.until(requester.connect());
      await timers.until(requester.exchangeId(connection));
      const { session } = await timers.until(requester.createSession(connection));
      if (session === null) throw new Error("no session");
      return { connection, session };
    },
  };
}
