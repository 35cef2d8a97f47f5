import { writeCall, writeCallbackCall } from "../../src/nfs4/compound-writer.ts";
import { authSys, NO_AUTH, writeCall as writeRpcCall } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { CALLBACK_PROGRAM, createSessionStep, exchangeIdStep } from "./scenario-client-id.ts";
import { argsOf, asCallback, bytesFrom, op, type Step } from "./scenario-operations.ts";
import type {
  CallbackOptions,
  CallOptions,
  ExchangeOptions,
  Seen,
  SendOptions,
  SessionOptions,
} from "./scenario-options.ts";
import { record, Sent } from "./scenario-sent.ts";
import { Wire, WireConnection } from "./scenario-wire.ts";

export { CALLBACK_PROGRAM } from "./scenario-client-id.ts";
export { op, type Step } from "./scenario-operations.ts";
export type * from "./scenario-options.ts";
export { Sent } from "./scenario-sent.ts";

const NFS_PROGRAM = 100003;
/** CREATE_SESSION4_FLAG_CONN_BACK_CHAN */
const CONN_BACK_CHAN = 2;
const SERVER = "10.0.0.1:2049";

/** A story told in packets: everything said goes through our encoders and the whole pipeline. */
export class Scenario {
  readonly wire: Wire;
  readonly channel: "fore" | "back";
  #xid = 1000;
  #sessions = 0;
  #ports = 800;
  #clientIds = 1n;

  /** `back`: what stories tell of slots happens on the back channel, with callbacks in place of requests. */
  constructor(wire = new Wire(), channel: "fore" | "back" = "fore") {
    this.wire = wire;
    this.channel = channel;
  }

  nextXid(): number {
    return this.#xid++;
  }

  nextClientId(): bigint {
    return this.#clientIds++;
  }

  nextSession(): number {
    return ++this.#sessions;
  }

  /** A connection with its handshake; `{ handshake: false }` for one that the capture joined later. */
  connect(client = `10.0.0.2:${this.#ports++}`, { server = SERVER, handshake = true } = {}): Connection {
    return new Connection(this, new WireConnection(this.wire, client, server, handshake));
  }

  /** EXCHANGE_ID and CREATE_SESSION, seen in full. */
  session(options: SessionOptions = {}): Session {
    const connection = options.on ?? this.connect();
    const clientId = options.clientId ?? connection.exchangeId().clientId;
    return connection.createSession(clientId, { sequence: 1, ...options });
  }

  /** A session that the capture joined later. */
  adopted(options: SessionOptions = {}): Session {
    const connection = options.on ?? this.connect(undefined, { handshake: false });
    return new Session(connection, sessionIdOf(this.nextSession()), options);
  }

  wait(seconds: number): this {
    this.wire.wait(seconds);
    return this;
  }

  /** Seconds between packets from here on; a ten-thousandth at first. */
  pace(seconds: number): this {
    this.wire.stepNanos = seconds * 1e9;
    return this;
  }

  findings(): Seen[] {
    return this.wire.findings().map((finding) => ({
      rule: finding.rule.id,
      severity: finding.severity,
      confidence: finding.confidence,
      fault: finding.fault,
      frames: finding.frames.map(({ frame }) => frame),
      slot: finding.slot,
      seq: finding.seq,
      occurrences: finding.occurrences,
      expected: finding.expected,
      actual: finding.actual,
    }));
  }

  /** The rules that fired, sorted; notes of the `capture` family included. */
  rules(): string[] {
    return this.findings()
      .map(({ rule }) => rule)
      .sort();
  }

  of(rule: string): Seen[] {
    return this.findings().filter((finding) => finding.rule === rule);
  }
}

export function scenario(channel: "fore" | "back" = "fore"): Scenario {
  return new Scenario(new Wire(), channel);
}

export class Connection {
  readonly scenario: Scenario;
  readonly tcp: WireConnection;

  constructor(scenario: Scenario, tcp: WireConnection) {
    this.scenario = scenario;
    this.tcp = tcp;
  }

  /** The frame that ended it. */
  close(how: "rst" | "fin" | "half" = "fin"): number {
    return this.tcp.close(how);
  }

  /** A COMPOUND call with these operations. */
  call(steps: readonly Step[], options: CallOptions = {}): Sent {
    const xid = options.xid ?? this.scenario.nextXid();
    const sink = this.#head(xid, NFS_PROGRAM, 4, options);
    writeCall(sink, options.tag ?? "", options.minor ?? 1, steps.map(argsOf));
    if (options.lost) this.tcp.loseNext();
    return new Sent(
      this,
      "server",
      xid,
      steps,
      this.tcp.send("client", record(sink, options.chopped)),
      options.tag ?? "",
    );
  }

  /** A CB_COMPOUND call from the server. */
  callback(steps: readonly Step[], options: CallbackOptions = {}): Sent {
    const xid = options.xid ?? this.scenario.nextXid();
    const sink = this.#head(xid, options.program ?? CALLBACK_PROGRAM, options.version ?? 1, options);
    writeCallbackCall(sink, options.tag ?? "", options.minor ?? 1, 0, steps.map(argsOf));
    if (options.lost) this.tcp.loseNext();
    return new Sent(this, "client", xid, steps, this.tcp.send("server", record(sink)), options.tag ?? "");
  }

  /** The NULL procedure, as mounts and servers' pings use it. */
  null(): Sent {
    const xid = this.scenario.nextXid();
    const call = this.#head(xid, NFS_PROGRAM, 4, {}, 0);
    return new Sent(this, "server", xid, [], this.tcp.send("client", record(call)), "");
  }

  #head(
    xid: number,
    program: number,
    version: number,
    { uid = 0, gid = 0, gids = [] }: CallbackOptions,
    procedure = 1,
  ): Sink {
    const sink = new Sink();
    const cred = uid < 0 ? NO_AUTH : authSys({ machineName: bytesFrom("host"), uid, gid, gids });
    writeRpcCall(sink, { xid, program, version, procedure, cred, verf: NO_AUTH });
    return sink;
  }

  /** EXCHANGE_ID and its reply. */
  exchangeId(options: ExchangeOptions = {}): { clientId: bigint; call: Sent; replyFrame: number } {
    const clientId = options.clientId ?? this.scenario.nextClientId();
    const call = this.call([exchangeIdStep(clientId, options)], options);
    return { clientId, call, replyFrame: call.ok([options.status ?? 0]) };
  }

  /** The CREATE_SESSION call alone. */
  createSessionCall(clientId: bigint, options: SessionOptions = {}): { call: Sent; session: Session } {
    const sessionId = options.sessionId ?? sessionIdOf(this.scenario.nextSession());
    const asked = { ...options, ...channels(options, this.scenario.channel) };
    const step = createSessionStep(clientId, bytesFrom(`0x${sessionId}`), asked);
    const call = this.call([step], options.minor === undefined ? {} : { minor: options.minor });
    return { call, session: new Session(this, sessionId, options) };
  }

  createSession(clientId: bigint, options: SessionOptions = {}): Session {
    const { call, session } = this.createSessionCall(clientId, options);
    session.creation = { call: call.frame, reply: call.ok([options.status ?? 0]) };
    return session;
  }

  destroySession(sessionId: string, options: CallOptions = {}): Sent {
    return this.call([op.step("DESTROY_SESSION", { dsa_sessionid: bytesFrom(`0x${sessionId}`) })], options);
  }

  destroyClientid(clientId: bigint, options: CallOptions = {}): Sent {
    return this.call([op.step("DESTROY_CLIENTID", { dca_clientid: clientId })], options);
  }

  bind(
    sessionId: string,
    direction = 3,
    granted = direction === 3 ? 3 : direction & 3,
    options: CallOptions = {},
  ): Sent {
    const id = bytesFrom(`0x${sessionId}`);
    const step = op.step(
      "BIND_CONN_TO_SESSION",
      { bctsa_sessid: id, bctsa_dir: direction, bctsa_use_conn_in_rdma_mode: false },
      { bctsr_resok4: { bctsr_sessid: id, bctsr_dir: granted, bctsr_use_conn_in_rdma_mode: false } },
    );
    return this.call([step], options);
  }
}

export class Session {
  readonly connection: Connection;
  readonly id: string;
  readonly slots: number;
  readonly callbackSlots: number;
  readonly minor: number;
  /** Frames of CREATE_SESSION. */
  creation = { call: 0, reply: 0 };

  constructor(connection: Connection, id: string, options: SessionOptions) {
    this.connection = connection;
    this.id = id;
    const { fore, foreGranted, back, backGranted } = channels(options, connection.scenario.channel);
    this.slots = foreGranted?.maxRequests ?? fore.maxRequests;
    this.callbackSlots = backGranted?.maxRequests ?? back.maxRequests;
    this.minor = options.minor ?? 1;
  }

  slot(slot: number): Slot {
    return new Slot(this, slot);
  }

  /** SEQUENCE as a step, for compounds of one's own. */
  sequence(slot: number, seq: number, { highest = slot, cachethis = false }: SendOptions = {}): Step {
    const id = bytesFrom(`0x${this.id}`);
    const last = this.slots - 1;
    return op.step(
      "SEQUENCE",
      { sa_sessionid: id, sa_sequenceid: seq, sa_slotid: slot, sa_highest_slotid: highest, sa_cachethis: cachethis },
      {
        sr_resok4: {
          sr_sessionid: id,
          sr_sequenceid: seq,
          sr_slotid: slot,
          sr_highest_slotid: last,
          sr_target_highest_slotid: last,
          sr_status_flags: 0,
        },
      },
    );
  }

  /** A callback on this slot of the back channel; by default a CB_RECALL. */
  callback(slot: number, seq: number, steps: readonly Step[] = [op.recall()], options: CallbackOptions = {}): Sent {
    const connection = options.on ?? this.connection;
    const { minor = this.minor } = options;
    return connection.callback([this.callbackSequence(slot, seq, options), ...steps], { ...options, minor });
  }

  /** CB_SEQUENCE as a step. */
  callbackSequence(
    slot: number,
    seq: number,
    { highest = slot, cachethis = false, referring = [] }: CallbackOptions = {},
  ): Step {
    const id = bytesFrom(`0x${this.id}`);
    const last = this.callbackSlots - 1;
    return op.step(
      "CB_SEQUENCE",
      {
        csa_sessionid: id,
        csa_sequenceid: seq,
        csa_slotid: slot,
        csa_highest_slotid: highest,
        csa_cachethis: cachethis,
        csa_referring_call_lists: referring.map(({ session = this, calls }) => ({
          rcl_sessionid: bytesFrom(`0x${session.id}`),
          rcl_referring_calls: calls.map(([rc_slotid, rc_sequenceid]) => ({ rc_sequenceid, rc_slotid })),
        })),
      },
      {
        csr_resok4: {
          csr_sessionid: id,
          csr_sequenceid: seq,
          csr_slotid: slot,
          csr_highest_slotid: last,
          csr_target_highest_slotid: last,
        },
      },
    );
  }
}

export class Slot {
  readonly session: Session;
  readonly id: number;

  constructor(session: Session, id: number) {
    this.session = session;
    this.id = id;
  }

  /** Sends a request; by default PUTROOTFH and GETATTR. */
  send(seq: number, steps: readonly Step[] = [op.putrootfh(), op.getattr()], options: SendOptions = {}): Sent {
    const { session } = this;
    const connection = options.on ?? session.connection;
    const minor = options.minor ?? session.minor;
    if (connection.scenario.channel === "back") {
      const sequence = session.callbackSequence(this.id, seq, options);
      return connection.callback([sequence, ...steps.map(asCallback)], { ...options, minor });
    }
    return connection.call([session.sequence(this.id, seq, options), ...steps], { ...options, minor });
  }

  /** Requests `from` to `to` with their OK replies, in order. */
  exchange(from: number, to = from, steps?: readonly Step[], options?: SendOptions): void {
    for (let seq = from; seq <= to; seq++) this.send(seq, steps, options).ok();
  }
}

/** What a session asks for and gets on each channel; what a story says of the fore channel may be meant for the other. */
function channels(options: SessionOptions, channel: "fore" | "back") {
  const slots = options.slots ?? 4;
  const { flags = 0, foreGranted, backGranted } = options;
  const fore = { maxRequests: slots, ...options.fore };
  const back = { maxRequests: 2, ...options.back };
  if (channel === "fore") return { fore, foreGranted, back, backGranted, flags };
  return { fore: back, foreGranted: backGranted, back: fore, backGranted: foreGranted, flags: flags | CONN_BACK_CHAN };
}

function sessionIdOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}
