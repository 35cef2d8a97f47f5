import { integer, pick } from "./random.ts";
import { type Connection, op, type Sent, type Session, type Step } from "./scenario.ts";
import type { SimulatedMount } from "./simulated-mount.ts";

const DELAY = 10008;
const MILLI = 1e6;
/** Slots of the back channel that a scenario's sessions have. */
const SLOTS = 2;
const FORE_OR_BOTH = 3;
const BOTH = 3;

interface CallbackSlot {
  readonly id: number;
  lastSeq: number;
  callback: Callback | null;
}

/** A callback on its way, or waiting to be sent again. */
interface Callback {
  readonly slot: CallbackSlot;
  readonly seq: number;
  readonly steps: readonly Step[];
  readonly session: Session;
  on: Connection | null;
  sent: Sent | null;
  /** Goes up when nothing that was due for it is to happen any more. */
  attempt: number;
  /** What the client made of it, once it did. */
  statuses: readonly number[] | null;
}

/** The back channel of a mount whose server and client keep all rules. */
export class SimulatedCallbacks {
  readonly #mount: SimulatedMount;
  #slots: CallbackSlot[] = [];
  /** The connection that the client has bound for them last. */
  #boundOn: Connection | null = null;
  #recalls = 0;

  constructor(mount: SimulatedMount) {
    this.#mount = mount;
  }

  /** A session was made on the connection, or had been before the capture: then nothing is bound yet. */
  begin(on: Connection | null): void {
    this.#boundOn = on;
    const lastSeq = on === null ? integer(this.#mount.next, 0, 9) : 0;
    this.#slots = Array.from({ length: SLOTS }, (_, id) => ({ id, lastSeq, callback: null }));
  }

  /** The connection that was bound for them is gone. */
  get isPathDown(): boolean {
    return this.#boundOn !== null && !this.#mount.connections.includes(this.#boundOn);
  }

  get isIdle(): boolean {
    return this.#slots.every(({ callback }) => callback === null);
  }

  /** The server wants a delegation back, or tells the client to give back some. */
  recall(): void {
    const { next } = this.#mount;
    const stateid = { seqid: 1, other: new Uint8Array(12).fill(++this.#recalls & 0xff) };
    const isAny = this.#mount.chance(0.3);
    this.#launch(isAny ? [op.recallAny()] : [op.recall(Uint8Array.of(0, 0, 0, integer(next, 0, 255)), stateid)]);
  }

  #launch(steps: readonly Step[]): void {
    const slot = this.#slots.find(({ callback }) => callback === null);
    if (slot === undefined) return;
    const seq = ++slot.lastSeq;
    const { session } = this.#mount;
    slot.callback = { slot, seq, steps, session, on: null, sent: null, attempt: 0, statuses: null };
    this.#send(slot.callback);
  }

  /** A callback that is answered at once; false when there is no slot for it. */
  atOnce(steps: readonly Step[]): boolean {
    const slot = this.#slots.find(({ callback }) => callback === null);
    if (slot === undefined) return false;
    const { world, session, character } = this.#mount;
    const on = this.bound();
    const seq = ++slot.lastSeq;
    world.dialogue(() => session.callback(slot.id, seq, steps, { on, minor: character.minor }).ok());
    return true;
  }

  /** A connection of the back channel: bound anew when the last one is gone. */
  bound(): Connection {
    const { connections, session, character, world } = this.#mount;
    if (this.#boundOn === null || !connections.includes(this.#boundOn)) {
      const on = pick(this.#mount.next, connections);
      world.dialogue(() => on.bind(session.id, FORE_OR_BOTH, BOTH, { minor: character.minor }).ok());
      this.#boundOn = on;
    }
    return this.#boundOn;
  }

  #send(callback: Callback): void {
    const { world, character, next } = this.#mount;
    const on = this.bound();
    const xid = callback.sent !== null && this.#mount.chance(0.5) ? { xid: callback.sent.xid } : {};
    callback.on = on;
    const attempt = ++callback.attempt;
    const { slot, seq, steps, session } = callback;
    callback.sent = session.callback(slot.id, seq, steps, { on, minor: character.minor, ...xid });
    this.#mount.acknowledgeLater(on, "client");
    world.after(2 * world.latencyNanos + next() * 20 * MILLI, () => {
      if (callback.attempt === attempt) this.#answer(callback);
    });
  }

  /** Refusals leave nothing behind, so that they are thought over; what was done is answered from the cache. */
  #decide(callback: Callback): readonly number[] {
    if (callback.statuses === null || callback.statuses[0] === DELAY)
      callback.statuses = pick(this.#mount.next, [[], [], [], [0, DELAY], [DELAY]]);
    return callback.statuses;
  }

  #answer(callback: Callback): void {
    const statuses = this.#decide(callback);
    callback.sent!.ok(statuses);
    this.#mount.acknowledgeLater(callback.on!, "server");
    if (statuses[0] === DELAY) {
      this.#sendLater(callback);
      return;
    }
    callback.slot.callback = null;
    if (statuses[1] === DELAY) {
      const { session } = callback;
      this.#mount.world.after(integer(this.#mount.next, 20, 200) * MILLI, () => {
        if (this.#mount.session === session && this.#canSend) this.#launch(callback.steps);
      });
    } else if (callback.steps[0]?.name === "CB_RECALL") this.#giveBack(callback.steps[0]);
    this.#mount.pump();
  }

  #giveBack({ args }: Step): void {
    const { stateid } = args as { stateid: Parameters<typeof op.delegreturn>[0] };
    this.#mount.enqueue([op.putfh(), op.delegreturn(stateid)]);
  }

  get #canSend(): boolean {
    return !this.#mount.isAway && this.#mount.connections.length > 0;
  }

  /** The same callback on its slot again: after a delay at CB_SEQUENCE, or when its connection was lost. */
  #sendLater(callback: Callback): void {
    const attempt = ++callback.attempt;
    callback.on = null;
    this.#mount.world.after(integer(this.#mount.next, 20, 500) * MILLI, () => {
      if (callback.attempt !== attempt || callback.slot.callback !== callback) return;
      if (callback.session !== this.#mount.session || !this.#mount.server.knowsSession) {
        callback.slot.callback = null;
        this.#mount.pump();
      } else if (this.#canSend) this.#send(callback);
      else this.#sendLater(callback);
    });
  }

  /** What was outstanding on the connection has to be sent again, with the same slot and sequence id. */
  lost(connection: Connection, how: "rst" | "fin" | "silent"): void {
    for (const { callback } of this.#slots) {
      if (callback?.on !== connection) continue;
      callback.attempt++;
      // The answer was on its way, and reached the capture but not the server.
      if (how !== "silent" && this.#mount.chance(0.3)) callback.sent!.ok(this.#decide(callback));
      this.#sendLater(callback);
    }
  }
}
