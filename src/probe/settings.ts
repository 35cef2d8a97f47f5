import type { WireTap } from "../requester/wire-tap.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import type { RandomSource } from "../sys/random.ts";
import type { Timers } from "../sys/timers.ts";

/** Whom the probes act for. */
export interface ProbeUser {
  readonly uid: number;
  readonly gid: number;
}

/** The server under test, and what probes may do to it. */
export interface ProbeSettings {
  /** Opens a connection to it; rejects with a SocketError. */
  readonly connect: () => Promise<ByteChannel>;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly minorVersion: number;
  readonly user: ProbeUser;
  /** Somebody whom the server does not take for the same. */
  readonly otherUser: ProbeUser;
  /** Names on the way to the directory in which scratch directories may be made; null: nowhere. */
  readonly exportPath: readonly string[] | null;
  /** How long a request may take. */
  readonly callMillisMax: number;
  readonly probeMillisMax: number;
  readonly runMillisMax: number;
  readonly tap?: WireTap | undefined;
  /** Told in words where the next packets belong. */
  readonly remark?: ((text: string) => void) | undefined;
  /** What only a server in our own hands can be made to do. */
  readonly ownServer?: OwnServer | undefined;
}

/** Levers of the embedded server. */
export interface OwnServer {
  /** The last sequence id of a slot becomes another one, as if so many requests had been made. */
  presetSlot(sessionId: Uint8Array, slot: number, seq: number): void;
  /** Ends and begins anew; resolves when it answers again. */
  restart(): Promise<void>;
}

export const PROBE_LIMITS = { callMillisMax: 10_000, probeMillisMax: 60_000, runMillisMax: 3_600_000 } as const;
