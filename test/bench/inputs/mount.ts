import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN, EXCHGID4_FLAG_USE_NON_PNFS } from "../../../src/nfs4/constants.ts";
import { integer, pick } from "../../support/random.ts";
import { createSessionStep, exchangeIdStep } from "../../support/scenario-client-id.ts";
import { op, type Step } from "../../support/scenario-operations.ts";
import type { CaptureFile } from "./capture-file.ts";
import { callRecord, nullCallRecord, nullReplyRecord, Request, replyRecord, type Turn } from "./request.ts";
import { TcpConnection } from "./tcp-connection.ts";

const SERVER = "10.0.0.1:2049";
const FIRST_PORT = 700;
const LEASE_SECONDS = 90;
/** Requests, or replies, that are sent one right behind the other. */
const BURST_MAX = 4;
/** How often the receiver of a burst acknowledges it before it has something to say. */
const ACK_CHANCE = 0.22;

/** Requests that one program sends one after the other. */
export type Errand = readonly Request[];
/** Draws what the next program does. */
export type Work = () => Errand;

export interface MountOptions {
  /** Numbers the client hosts. */
  host: number;
  connections: number;
  /** At most 31. */
  slots: number;
  work: Work;
  next: () => number;
  segmentBytes: number;
  /** Segments that one end sends before others get a chance; whole bursts if absent. */
  segmentsAtOnce?: number | undefined;
}

/** An errand on its way. */
interface Running {
  readonly errand: Errand;
  at: number;
}

interface Waiting {
  readonly running: Running;
  readonly turn: Turn;
}

interface Path {
  readonly connection: TcpConnection;
  /** Requests that arrived and are not answered yet. */
  readonly waiting: Waiting[];
}

const RECLAIM_COMPLETE = new Request([op.reclaimComplete()]);
const ROOT = new Request([op.putrootfh(), op.getfh(), op.leaseTime(LEASE_SECONDS)]);

/** A client with one session, and what its server answers; all as it should be. */
export class Mount {
  readonly #options: MountOptions;
  readonly #paths: readonly Path[];
  readonly #sessionId: Uint8Array;
  readonly #seqs: Uint32Array;
  readonly #paused: Running[] = [];
  #isMounted = false;
  /** A bit for each slot in use. */
  #busy = 0;
  #xid: number;
  calls = 0;

  constructor(capture: CaptureFile, options: MountOptions) {
    const { host, connections, slots, segmentBytes, next } = options;
    this.#options = options;
    this.#paths = Array.from({ length: connections }, (_, index) => {
      // Where addresses and ports are not in the same order, nfstrace confuses its connections and ends.
      const port = FIRST_PORT + host * connections + index;
      const client = `10.1.${host >> 8}.${host & 255}:${port}`;
      return { connection: new TcpConnection(capture, { client, server: SERVER, segmentBytes, next }), waiting: [] };
    });
    this.#sessionId = new Uint8Array(16).fill(0xab);
    new DataView(this.#sessionId.buffer).setUint32(4, host);
    this.#seqs = new Uint32Array(slots);
    this.#xid = integer(next, 0, 0xffff_ffff);
  }

  get isQuiet(): boolean {
    return this.#busy === 0;
  }

  /** One end of one connection sends something: requests, replies, or more of what it had begun to send. */
  step(mayRequest = true): void {
    if (!this.#isMounted) this.#mount();
    const { next } = this.#options;
    const path = pick(next, this.#paths);
    if (next() < 0.5) {
      if (mayRequest && path.connection.client.isIdle) this.#request(path);
      this.#send(path, "client");
    } else {
      if (path.connection.server.isIdle) this.#reply(path);
      this.#send(path, "server");
    }
  }

  #send({ connection }: Path, from: "client" | "server"): void {
    const { segmentsAtOnce, next } = this.#options;
    const end = connection[from];
    if (connection.send(end, segmentsAtOnce) && next() < ACK_CHANCE) connection.acknowledge(connection.other(end));
  }

  #request({ connection, waiting }: Path): void {
    const { next, slots, work } = this.#options;
    for (let left = integer(next, 1, BURST_MAX); left > 0; left--) {
      const slot = lowest(~this.#busy);
      if (slot >= slots) return;
      this.#busy |= 1 << slot;
      const running = this.#paused.pop() ?? { errand: work(), at: 0 };
      const turn = this.#turn(slot);
      connection.client.queue(running.errand[running.at]!.call(turn), () => waiting.push({ running, turn }));
    }
  }

  #reply({ connection, waiting }: Path): void {
    const { next } = this.#options;
    for (let left = integer(next, 1, BURST_MAX); left > 0 && waiting.length > 0; left--) {
      const { running, turn } = taken(waiting, integer(next, 0, waiting.length - 1));
      const reply = running.errand[running.at]!.reply(turn);
      connection.server.queue(reply, () => {
        this.#busy &= ~(1 << turn.slot);
        running.at++;
        if (running.at < running.errand.length) this.#paused.push(running);
      });
    }
  }

  #turn(slot: number): Turn {
    this.calls++;
    return {
      xid: this.#nextXid(),
      sessionId: this.#sessionId,
      slot,
      seq: ++this.#seqs[slot]!,
      highest: highest(this.#busy),
      slots: this.#options.slots,
    };
  }

  /** From the first SYN to the first look at the root. */
  #mount(): void {
    this.#isMounted = true;
    const { host, slots } = this.#options;
    const clientId = 0xab25_0000_0000n + BigInt(host);
    for (const { connection } of this.#paths) {
      connection.handshake();
      const xid = this.#nextXid();
      this.#exchange(nullCallRecord(xid), nullReplyRecord(xid), connection);
    }
    this.#alone(
      exchangeIdStep(clientId, { owner: `Linux NFSv4.1 host-${host}`, eirFlags: EXCHGID4_FLAG_USE_NON_PNFS }),
    );
    this.#alone(
      createSessionStep(clientId, this.#sessionId, {
        flags: CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
        fore: { maxRequests: 64 },
        foreGranted: { maxRequests: slots },
      }),
    );
    for (const request of [RECLAIM_COMPLETE, ROOT]) {
      const turn = this.#turn(0);
      this.#exchange(request.call(turn), request.reply(turn));
    }
  }

  #alone(step: Step): void {
    const xid = this.#nextXid();
    this.#exchange(callRecord(xid, [step]), replyRecord(xid, [step]));
  }

  #exchange(call: Uint8Array, reply: Uint8Array, connection = this.#paths[0]!.connection): void {
    const { client, server } = connection;
    client.queue(call, () => {});
    connection.send(client);
    server.queue(reply, () => {});
    connection.send(server);
  }

  #nextXid(): number {
    this.#xid = (this.#xid + 1) >>> 0;
    return this.#xid;
  }
}

/** The number of the lowest bit that is set; 32 if none is. */
function lowest(bits: number): number {
  return bits === 0 ? 32 : 31 - Math.clz32(bits & -bits);
}

/** The number of the highest bit that is set; 0 if none is. */
function highest(bits: number): number {
  return Math.max(0, 31 - Math.clz32(bits));
}

/** Takes one out of a list whose order does not matter. */
function taken<T>(list: T[], index: number): T {
  const item = list[index]!;
  const last = list.pop()!;
  if (index < list.length) list[index] = last;
  return item;
}
