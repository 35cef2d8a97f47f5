import { describe, expect, test } from "vitest";
import { integer, pick, random } from "../../support/random.ts";
import { type Connection, op, type Scenario, type Sent, type Session, scenario } from "../../support/scenario.ts";
import type { Step } from "../../support/scenario-operations.ts";

const NOENT = 2;
const DELAY = 10008;
const SLOTS = 4;
const STEPS_EACH = 120;
const SEEDS = 60;

type Capture = "is whole" | "loses messages" | "begins late";

interface Request {
  steps: readonly Step[];
  cachethis: boolean;
  xid: number;
  /** The transmission that waits for its reply, null when it is to be sent again. */
  sent: Sent | null;
  wasExecuted: boolean;
}

/** A client that does nothing wrong, before a server that does nothing wrong, and a network that breaks. */
class CorrectClient {
  readonly wire: Scenario = scenario();
  readonly #session: Session;
  readonly #next: () => number;
  readonly #losesFrames: boolean;
  #on: Connection;
  readonly #seqs: number[];
  readonly #requests: (Request | null)[] = new Array(SLOTS).fill(null);

  constructor(next: () => number, capture: Capture) {
    this.#next = next;
    this.#losesFrames = capture === "loses messages";
    const beginsLate = capture === "begins late";
    this.#session = beginsLate ? this.wire.adopted({ slots: SLOTS }) : this.wire.session({ slots: SLOTS });
    this.#on = this.#session.connection;
    this.#seqs = Array.from({ length: SLOTS }, () => (beginsLate ? integer(next, 0, 999) : 0));
  }

  step(): void {
    const waiting = this.#requests.flatMap((request, slot) => (request === null ? [] : [slot]));
    const dice = this.#next();
    if (dice < 0.03) this.#reconnect();
    else if (dice < 0.1) this.wire.wait(this.#next() * 5);
    else if (waiting.length > 0 && (dice < 0.6 || waiting.length === SLOTS)) this.#progress(pick(this.#next, waiting));
    else this.#start();
  }

  finish(): void {
    for (let slot = 0; slot < SLOTS; slot++) while (this.#requests[slot] !== null) this.#progress(slot);
    this.#on.destroySession(this.#session.id).ok();
  }

  #isLost(): boolean {
    return this.#losesFrames && this.#next() < 0.05;
  }

  #start(): void {
    const slot = this.#requests.indexOf(null);
    if (slot < 0) return;
    const name = `file ${integer(this.#next, 0, 999)}`;
    const changes = this.#next() < 0.3;
    const steps = changes ? [op.putfh(), op.remove(name)] : [op.putfh(), op.lookup(name), op.getattr()];
    this.#seqs[slot]!++;
    this.#requests[slot] = {
      steps,
      cachethis: changes,
      xid: this.wire.nextXid(),
      sent: null,
      wasExecuted: false,
    };
    this.#send(slot);
  }

  #send(slot: number): void {
    const request = this.#requests[slot]!;
    const { steps, cachethis, xid } = request;
    const highest = this.#requests.findLastIndex((other) => other !== null);
    const options = { on: this.#on, cachethis, xid, highest, lost: this.#isLost() };
    request.sent = this.#session.slot(slot).send(this.#seqs[slot]!, steps, options);
  }

  /** The reply to a request that waits, or sending it again. */
  #progress(slot: number): void {
    const request = this.#requests[slot]!;
    if (request.sent === null) {
      this.#send(slot);
      return;
    }
    const lost = this.#isLost();
    const dice = this.#next();
    if (!request.wasExecuted && dice < 0.1) {
      request.sent.fail(DELAY, { lost });
      request.sent = null;
      request.xid = this.wire.nextXid();
      this.wire.wait(0.1);
      return;
    }
    if (!request.wasExecuted && dice < 0.2) request.sent.ok([0, DELAY], { lost });
    else request.sent.ok(dice < 0.3 && !request.wasExecuted ? [0, 0, NOENT] : [], { lost });
    this.#requests[slot] = null;
  }

  /** The connection breaks; what waits may have been executed; everything is sent again on another. */
  #reconnect(): void {
    this.#on.close(pick(this.#next, ["rst", "fin"] as const));
    this.wire.wait(this.#next());
    this.#on = this.wire.connect();
    for (const request of this.#requests) {
      if (request?.sent == null) continue;
      request.sent = null;
      request.wasExecuted ||= this.#next() < 0.5;
    }
    for (let slot = 0; slot < SLOTS; slot++) if (this.#requests[slot] !== null) this.#send(slot);
  }
}

function accusations(seed: number, capture: Capture): string[] {
  const client = new CorrectClient(random(seed), capture);
  for (let step = 0; step < STEPS_EACH; step++) client.step();
  client.finish();
  return client.wire
    .findings()
    .filter(({ severity, fault }) => severity !== "note" && fault !== "capture" && fault !== "network")
    .map(({ rule, slot, seq, frames }) => `seed ${seed}: ${rule} slot ${slot} seq ${seq} frames ${frames}`);
}

describe("a correct client is never accused", () => {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);

  test.each(["is whole", "loses messages", "begins late"] as const)("by a capture that %s", (capture) => {
    expect(seeds.flatMap((seed) => accusations(seed, capture))).toEqual([]);
  });
});
