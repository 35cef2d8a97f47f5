import { DISTURBANCES } from "./disturbances.ts";
import { integer, pick } from "./random.ts";
import type { Connection, Session, Step } from "./scenario.ts";
import { op } from "./scenario.ts";
import { SimulatedCallbacks } from "./simulated-callbacks.ts";
import type { Character } from "./simulated-character.ts";
import { SimulatedFlags } from "./simulated-flags.ts";
import { type ClientSlot, type Draft, draft, isReclaimComplete, type Request } from "./simulated-request.ts";
import { SimulatedServer } from "./simulated-server.ts";
import { WORK } from "./simulated-work.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

const DELAY = 10008;
const STALE_CLIENTID = 10022;
const BADSESSION = 10052;
const MILLI = 1e6;

/** A client that keeps all rules and its server, which does so too, through whatever happens to them. */
export class SimulatedMount {
  readonly world: SimulatedWorld;
  readonly character: Character;
  readonly next: () => number;
  readonly server: SimulatedServer;
  readonly flags = new SimulatedFlags(this);
  connections: Connection[] = [];
  session!: Session;
  slots: ClientSlot[] = [];
  /** Highest slot that the client knows it may use. */
  knownHighest = 0;
  remaining: number;
  readonly backlog: Draft[] = [];
  clientId = 0n;
  createSequence = 1;
  verifier = 1;
  /** Neither sends nor expects anything: the session is being made again, or the client is down. */
  isAway = false;
  /** Of the client's life: what was due in an earlier one is not done. */
  life = 0;
  readonly callbacks = new SimulatedCallbacks(this);
  /** RECLAIM_COMPLETE of the client ID was answered: it is not to be sent again. RFC 8881 §18.51.4 */
  #hasReclaimed = false;
  /** Requests that will be sent anew later. */
  #promised = 0;

  constructor(world: SimulatedWorld, character: Character) {
    this.world = world;
    this.character = character;
    this.next = world.next;
    this.server = new SimulatedServer(world.next);
    this.remaining = character.requests;
  }

  start(): void {
    const isJoined = this.character.joinedAt !== null;
    this.connect(this.character.connections, isJoined);
    if (isJoined) {
      this.session = this.world.scenario.adopted({ on: this.connections[0]!, ...this.#sessionOptions() });
      this.clientId = this.world.scenario.nextClientId();
      this.#begin(this.character.joinedAt!, null);
    } else {
      this.identify();
      this.createSession();
    }
    this.pump();
  }

  connect(count: number, isJoined = false): void {
    const { scenario } = this.world;
    for (let i = 0; i < count; i++) {
      const client = this.world.freeEndpoint(this.character.host, isJoined);
      this.connections.push(this.world.dialogue(() => scenario.connect(client, { handshake: !isJoined })));
    }
  }

  identify(): void {
    const { owner, minor } = this.character;
    const verifier = `0x${this.verifier.toString(16).padStart(16, "0")}`;
    const on = this.connections[0]!;
    this.clientId = this.world.dialogue(() => on.exchangeId({ owner, verifier, minor })).clientId;
    this.createSequence = 1;
    this.#hasReclaimed = false;
    this.server.openFiles = 0;
  }

  #sessionOptions() {
    const { slots, minor } = this.character;
    return { slots, minor, flags: 2 };
  }

  createSession(): void {
    const options = { ...this.#sessionOptions(), sequence: this.createSequence++ };
    const on = this.connections[0]!;
    this.session = this.world.dialogue(() => on.createSession(this.clientId, options));
    this.flags.clear();
    this.server.knowsSession = true;
    this.server.knowsClient = true;
    this.#begin(0, on);
    if (!this.#hasReclaimed) this.backlog.unshift(this.draft([op.reclaimComplete()]));
  }

  #begin(lastSeq: number, callbacksOn: Connection | null): void {
    const { slots } = this.character;
    this.slots = [];
    for (let id = 0; id < slots; id++) this.slots.push({ id, lastSeq, request: null, isTaken: false });
    this.server.begin(slots);
    this.callbacks.begin(callbacksOn);
    this.knownHighest = slots - 1;
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  /** The client has something to do that it had not planned. */
  enqueue(steps: readonly Step[]): void {
    this.backlog.unshift(this.draft(steps));
  }

  /** Sends what may be sent now. */
  pump(): void {
    if (this.isAway || this.connections.length === 0) return;
    while (this.slots.filter(({ request }) => request !== null).length < this.character.concurrency) {
      const slot = this.slots.find(({ id, request }) => request === null && id <= this.knownHighest);
      if (slot === undefined || (this.backlog.length === 0 && this.remaining === 0)) break;
      const draft = this.backlog.shift() ?? this.#fresh();
      if (isReclaimComplete(draft) && (this.#hasReclaimed || this.#isReclaiming)) continue;
      this.#launch(draft, slot);
      if (this.isAway) return;
    }
    if (
      this.remaining === 0 &&
      this.#promised === 0 &&
      this.backlog.length === 0 &&
      this.callbacks.isIdle &&
      this.slots.every(({ request }) => request === null)
    )
      this.#finish();
  }

  #fresh(): Draft {
    this.remaining--;
    return this.draft(pick(this.next, WORK)());
  }

  draft(steps: readonly Step[]): Draft {
    return draft(steps, this.session, this.connections[0]!, integer(this.next, 0, 2) * 1000);
  }

  #launch(draft: Draft, slot: ClientSlot): void {
    const seq = slot.isTaken && this.character.regrant === "one" ? 1 : (slot.lastSeq + 1) >>> 0;
    slot.isTaken = false;
    const request: Request = { ...draft, slot, seq, session: this.session, sent: null, isRetry: false, statuses: null };
    slot.request = request;
    slot.lastSeq = seq;
    this.send(request);
    if (this.chance(this.character.disturbances)) this.world.after(this.next() * 3 * MILLI, () => this.disturb());
  }

  get #isReclaiming(): boolean {
    return this.slots.some(({ request }) => request !== null && isReclaimComplete(request));
  }

  /** The highest slot in use. */
  get highestBusy(): number {
    return Math.max(0, ...this.slots.filter(({ request }) => request !== null).map(({ id }) => id));
  }

  /** Sends a request, for the first time or again, on any connection. */
  send(request: Request): void {
    const { slot, seq, steps, cachethis, uid } = request;
    const isSameXid = request.sent !== null && this.chance(0.5);
    const xid = isSameXid ? { xid: request.sent!.xid } : {};
    request.connection = pick(this.next, this.connections);
    request.attempt++;
    request.state = "sent";
    request.highest = this.highestBusy;
    const options = { on: request.connection, cachethis, uid, highest: request.highest, ...xid };
    request.sent = request.session.slot(slot.id).send(seq, steps, options);
    this.acknowledgeLater(request.connection, "server");
    this.#serve(request);
  }

  /** Unless a message says so before, TCP says what has arrived. */
  acknowledgeLater(connection: Connection, receiver: "client" | "server"): void {
    const { seq } = connection.tcp[receiver];
    this.world.after(40 * MILLI, () => {
      const isSaid = connection.tcp[receiver].seq !== seq;
      if (!isSaid && this.connections.includes(connection)) connection.tcp.acknowledge(receiver);
    });
  }

  /** What the server makes of what arrives now. */
  #serve(request: Request): void {
    const { latencyNanos } = this.world;
    const isKnown = request.session === this.session;
    const wasKept = request.statuses !== null;
    const { statuses, serviceNanos } = this.server.answer(request, isKnown, this.world.now + latencyNanos);
    this.flags.stamp(request, statuses, wasKept);
    this.#answer(request, statuses, latencyNanos + serviceNanos);
  }

  #answer(request: Request, statuses: readonly number[], nanos: number): void {
    const { attempt, connection } = request;
    this.world.after(nanos + this.world.latencyNanos, () => {
      if (request.attempt === attempt && this.connections.includes(connection)) this.#reply(request, statuses);
    });
  }

  #reply(request: Request, statuses: readonly number[]): void {
    request.sent!.ok(statuses, { ...this.server.limits(request), flags: request.flags });
    if (statuses[0] === 0) this.flags.heed(request);
    this.acknowledgeLater(request.connection, "client");
    const { slot } = request;
    if (statuses[0] === BADSESSION) {
      slot.request = null;
      this.backlog.push(request);
      if (request.session === this.session) this.#recover();
      else this.pump();
    } else if (statuses[0] === DELAY) this.#sendLater(request);
    else {
      slot.request = null;
      if (!request.isRetry) this.#learn(this.server.limits(request));
      if (isReclaimComplete(request) && statuses.at(-1) === 0) this.#hasReclaimed = true;
      if (statuses.at(-1) === DELAY) this.#again(request);
      const { life } = this;
      this.world.after(this.chance(0.5) ? 0 : this.next() * MILLI, () => {
        if (this.life === life) this.pump();
      });
    }
  }

  /** What a reply of this moment says of the table. */
  #learn({ highest, target }: { highest: number; target: number }): void {
    for (let id = this.slots.length; id <= highest; id++)
      this.slots.push({ id, lastSeq: 0, request: null, isTaken: false });
    for (const slot of this.slots) if (slot.id > highest) slot.isTaken = true;
    this.knownHighest = Math.min(highest, target);
  }

  /** SEQUENCE was delayed: the same request on the same slot and sequence id. */
  #sendLater(request: Request): void {
    const { life } = this;
    const attempt = ++request.attempt;
    request.state = "delayed";
    this.world.after((this.isAway ? 1000 : integer(this.next, 15, 100)) * MILLI, () => {
      if (this.life !== life || request.attempt !== attempt) return;
      if (request.session !== this.session) {
        this.backlog.push(request);
        this.pump();
      } else if (this.isAway || this.connections.length === 0) this.#sendLater(request);
      else this.send(request);
    });
  }

  /** Another operation was delayed: a new request later. */
  #again(request: Request): void {
    const { life } = this;
    this.#promised++;
    this.world.after(integer(this.next, 15, 100) * MILLI, () => {
      this.#promised--;
      if (this.life !== life) return;
      this.backlog.push(request);
      this.pump();
    });
  }

  disturb(): void {
    if (this.isAway || this.connections.length === 0) return;
    pick(this.next, DISTURBANCES)(this);
  }

  /** A connection ends; what was outstanding on it is sent again on another. */
  loseConnection(connection: Connection, how: "rst" | "fin" | "silent"): void {
    this.connections = this.connections.filter((other) => other !== connection);
    this.world.release(connection.tcp.client.name);
    this.callbacks.lost(connection, how);
    const lost = this.#outstanding(({ connection: on }) => on === connection);
    for (const request of lost) this.#interrupt(request, how);
    if (how !== "silent") connection.close(how);
    const { life } = this;
    const patience = how === "silent" ? integer(this.next, 2, 30) * 1000 : integer(this.next, 0, 40);
    this.world.after(patience * MILLI, () => {
      if (this.life !== life) return;
      this.connect(1);
      this.#sendAgain(lost);
    });
  }

  #sendAgain(lost: readonly Request[]): void {
    const { life } = this;
    for (const request of lost) {
      if (request.state !== "interrupted" || request.session !== this.session) continue;
      if (this.isAway || this.connections.length === 0) {
        this.world.after(1000 * MILLI, () => {
          if (this.life === life) this.#sendAgain([request]);
        });
      } else this.send(request);
    }
    this.pump();
  }

  #outstanding(isMeant: (request: Request) => boolean): Request[] {
    return this.slots.flatMap(({ request }) =>
      request !== null && request.sent !== null && isMeant(request) ? [request] : [],
    );
  }

  #interrupt(request: Request, how: "rst" | "fin" | "silent"): void {
    request.attempt++;
    request.isRetry = true;
    const wasSent = request.state === "sent";
    request.state = "interrupted";
    if (request.statuses === null || !wasSent) return;
    const isDone = request.doneAt <= this.world.now;
    // The reply was on its way, and reached the capture but not the client.
    if (isDone && how !== "silent" && this.chance(0.5))
      request.sent!.ok(request.statuses, { ...this.server.limits(request), flags: request.flags });
    // Or the request had not got so far as to be executed.
    else if (!isDone && this.chance(0.5)) request.statuses = null;
  }

  /** The server loses its sessions and its clients. */
  restart(): void {
    this.server.knowsSession = false;
    this.server.knowsClient = false;
    for (const connection of [...this.connections]) this.loseConnection(connection, "rst");
  }

  #recover(): void {
    if (this.isAway) return;
    this.isAway = true;
    const { life } = this;
    this.world.after(integer(this.next, 1, 10) * MILLI, () => {
      if (this.life !== life) return;
      if (this.connections.length === 0) this.connect(1);
      const { minor, slots } = this.character;
      const on = this.connections[0]!;
      if (!this.server.knowsClient) {
        const options = { minor, slots, sequence: this.createSequence };
        this.world.dialogue(() => on.createSessionCall(this.clientId, options).call.fail(STALE_CLIENTID));
        this.identify();
      }
      const old = this.#outstanding(() => true);
      this.createSession();
      this.isAway = false;
      // What waited to be sent again on the old session goes on the new one.
      this.backlog.push(...old.filter(({ state }) => state === "interrupted"));
      this.pump();
    });
  }

  /** The client host crashes and comes back. */
  reboot(): void {
    this.life++;
    this.verifier++;
    this.isAway = true;
    for (const { request } of this.slots) if (request !== null) request.attempt++;
    const { length } = this.connections;
    for (const { tcp } of this.connections) this.world.release(tcp.client.name);
    this.connections = [];
    this.backlog.length = 0;
    this.world.after(integer(this.next, 1, 40) * 1000 * MILLI, () => {
      this.isAway = false;
      this.connect(length);
      this.identify();
      this.createSession();
      this.pump();
    });
  }

  /** Nothing for longer than a lease; the server has forgotten the client. */
  sleep(): void {
    if (this.server.openFiles > 0 || this.#outstanding(() => true).length > 0) return;
    this.isAway = true;
    const { life } = this;
    this.world.after(integer(this.next, 100, 300) * 1000 * MILLI, () => {
      if (this.life !== life) return;
      this.isAway = false;
      if (this.chance(0.7)) {
        this.server.knowsSession = false;
        this.server.knowsClient = this.chance(0.3);
      }
      this.pump();
    });
  }

  #finish(): void {
    this.isAway = true;
    if (this.chance(0.5) || !this.server.knowsSession) return;
    const { minor } = this.character;
    const on = this.connections[0]!;
    this.world.dialogue(() => {
      on.destroySession(this.session.id, { minor }).ok();
      on.destroyClientid(this.clientId, { minor }).ok();
      for (const connection of this.connections) connection.close();
    });
  }
}
