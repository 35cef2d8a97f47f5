import { pause } from "../requester/connection-pool.ts";
import { Requester } from "../requester/requester.ts";
import type { RpcConnection } from "../requester/rpc-connection.ts";
import type { SessionWishes } from "../requester/session-calls.ts";
import type { Auth } from "../rpc/write.ts";
import { type Answer, allOk } from "./answers.ts";
import type { Exchange } from "./exchange.ts";
import { reclaimComplete } from "./operations.ts";
import type { Probe, Verdict } from "./probe.ts";
import { credentialOf, ProbeClient } from "./probe-client.ts";
import type { ProbeSession } from "./probe-session.ts";
import type { Recorder } from "./recorder.ts";
import { type Scratch, ScratchKeeper } from "./scratch.ts";
import type { OwnServer, ProbeSettings, ProbeUser } from "./settings.ts";
import { Stop } from "./stop.ts";

/** Client owners of one probe. */
const CLIENTS_MAX = 256;
const TOKEN_BYTES = 6;
const VERIFIER_BYTES = 8;

/** What a probe works with: clients and sessions of its own, a scratch directory, and checks that are written down. */
export class Bench {
  readonly settings: ProbeSettings;
  readonly #probe: Probe;
  readonly #recorder: Recorder;
  readonly #clients: ProbeClient[] = [];
  /** Unique to this run of this probe: nobody else's client owner or directory can have it. */
  readonly #token: string;
  #scratch: { keeper: ScratchKeeper; made: Promise<Scratch> } | null = null;
  #isOver = false;

  constructor(probe: Probe, settings: ProbeSettings, recorder: Recorder) {
    this.#probe = probe;
    this.settings = settings;
    this.#recorder = recorder;
    this.#token = Buffer.from(settings.random(TOKEN_BYTES)).toString("hex");
  }

  /** A client owner that nobody had before. */
  client(user: ProbeUser = this.settings.user): ProbeClient {
    this.#mustRun();
    if (this.#clients.length >= CLIENTS_MAX) throw new RangeError(`more than ${CLIENTS_MAX} clients`);
    const number = this.#clients.length + 1;
    const label = number === 1 ? "" : `client ${number} `;
    const client = new ProbeClient(this.settings, this.#recorder, { label, owner: this.#owner(`${number}`), user });
    this.#clients.push(client);
    return client;
  }

  /** A session with small attributes, of `client` or of a new one. Inconclusive where the server gives none. */
  async session(wishes: Partial<SessionWishes> = {}, client: ProbeClient = this.client()): Promise<ProbeSession> {
    const connection = await client.connect();
    await this.#identify(client, connection);
    return this.#sessionOn(connection, client, wishes);
  }

  /**
   * A session whose client may open and lock: RECLAIM_COMPLETE has been sent, on another session, so that all slots of
   * this one are fresh. RFC 8881 §18.51.3
   */
  async stateSession(wishes: Partial<SessionWishes> = {}, client: ProbeClient = this.client()): Promise<ProbeSession> {
    const connection = await client.connect();
    await this.#identify(client, connection);
    const first = await this.#sessionOn(connection, client, wishes);
    this.need(await first.sequence(1, 0, {}, reclaimComplete()), allOk, "leave to open files");
    await first.destroy();
    return this.#sessionOn(connection, client, wishes);
  }

  /** A client with a session. */
  async clientWithSession(
    wishes: Partial<SessionWishes> = {},
  ): Promise<{ client: ProbeClient; session: ProbeSession }> {
    const client = this.client();
    return { client, session: await this.session(wishes, client) };
  }

  /** The credential of somebody else. */
  get otherCredential(): Auth {
    return credentialOf(this.settings.otherUser);
  }

  /** A directory of the probe's own below the export, removed at the end with all in it. */
  scratch(): Promise<Scratch> {
    this.#mustRun();
    const { exportPath } = this.settings;
    if (exportPath === null) return this.skip("there is no export to write to");
    if (this.#scratch === null) {
      const keeper = new ScratchKeeper(this.#keepersRequester(), exportPath);
      this.#scratch = { keeper, made: keeper.make(`slotshark-${this.#token}`) };
    }
    return this.#scratch.made;
  }

  /** Requires an answer; `permitted` are what the server may give instead. Tells which it was. */
  expect(exchange: Exchange, required: Answer, ...permitted: Answer[]): Verdict {
    const texts = permitted.map(({ text }) => text);
    const wanted = texts.length === 0 ? required.text : `${required.text} (permitted: ${texts.join("; ")})`;
    const verdict = verdictOf(exchange, required, permitted);
    return this.judge(verdict, wanted, exchange.text);
  }

  /** Requires something that no single answer shows; `observed` says what is. */
  check(isSo: boolean, required: string, observed: string): Verdict {
    return this.judge(isSo ? "pass" : "deviates", required, observed);
  }

  /** Writes a verdict down. */
  judge(verdict: Verdict, required: string, observed: string): Verdict {
    this.#mustRun();
    this.#recorder.check(verdict, required, observed);
    return verdict;
  }

  /** What the probe rests on: without it nothing can be said. */
  need(exchange: Exchange, answer: Answer, what: string): void {
    this.#mustRun();
    if (!answer.fits(exchange)) this.inconclusive(`${what} could not be had: ${exchange.text}`);
  }

  /** After an error: the request that was next still is, so that the error did not move the slot. */
  async expectNext(session: ProbeSession, slot: number, seq: number): Promise<Verdict> {
    return this.expect(await session.sequence(seq, slot), nextSucceeds(seq, slot));
  }

  /** Waits. */
  async pause(millis: number): Promise<void> {
    await pause(this.settings.timers, millis);
    this.#mustRun();
  }

  /** Writes something down that decides nothing. */
  note(text: string): void {
    this.#recorder.note(text);
  }

  /** Levers of a server in our own hands; skips where it is not. */
  ownServer(what: string): OwnServer {
    return this.settings.ownServer ?? this.skip(`${what} can only be done with a server in our own hands`);
  }

  /** Ends the probe: what happened does not decide it. */
  inconclusive(why: string): never {
    throw new Stop("inconclusive", why);
  }

  /** Ends the probe: it cannot be run here. */
  skip(why: string): never {
    throw new Stop("skipped", why);
  }

  /** Gives everything back; whatever goes wrong in that is only noted. */
  async cleanUp(): Promise<void> {
    this.#isOver = true;
    for (const client of this.#clients) await this.#quietly(() => client.cleanUp());
    const scratch = this.#scratch;
    if (scratch === null) return;
    await this.#quietly(async () => {
      await scratch.made.catch(() => {});
      const left = await scratch.keeper.remove();
      if (left !== null) this.#recorder.note(`left behind: ${left}`);
    });
  }

  /** Ends all connections at once: a probe that still waits for something is told. */
  breakOff(): void {
    this.#isOver = true;
    for (const { requester } of this.#clients) for (const connection of requester.connections) connection.reset();
  }

  async #identify(client: ProbeClient, connection: RpcConnection): Promise<void> {
    if (client.requester.clientId === null) this.need(await client.exchangeId(connection), allOk, "a client ID");
  }

  async #sessionOn(
    connection: RpcConnection,
    client: ProbeClient,
    wishes: Partial<SessionWishes>,
  ): Promise<ProbeSession> {
    const { exchange, session } = await client.createSession(connection, wishes);
    this.need(exchange, allOk, "a session");
    return session ?? this.inconclusive("CREATE_SESSION succeeded without a session");
  }

  #keepersRequester(): Requester {
    const { connect, timers, random, minorVersion, user, callMillisMax, tap } = this.settings;
    const cred = credentialOf(user);
    const owner = this.#owner("keeper");
    return new Requester({ connect, timers, random, minorVersion, cred, owner, timeoutMillis: callMillisMax, tap });
  }

  #owner(name: string) {
    const ownerId = Buffer.from(`slotshark probe ${this.#probe.id} ${this.#token} ${name}`);
    return { ownerId, verifier: this.settings.random(VERIFIER_BYTES).slice() };
  }

  /** Nothing is sent for a probe whose time is over. */
  #mustRun(): void {
    if (this.#isOver) throw new Stop("inconclusive", "the probe is over");
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#recorder.note(`cleaning up: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function verdictOf(exchange: Exchange, required: Answer, permitted: readonly Answer[]): Verdict {
  if (required.fits(exchange)) return "pass";
  return permitted.some((answer) => answer.fits(exchange)) ? "pass-alternative" : "deviates";
}

function nextSucceeds(seq: number, slot: number): Answer {
  return { text: `sequence id ${seq} of slot ${slot} succeeds: the slot stands where it should`, fits: allOk.fits };
}
