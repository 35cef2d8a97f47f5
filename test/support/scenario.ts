import { type OperationValue, writeCall, writeCallbackCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import {
  authSys,
  NO_AUTH,
  writeRecordMark,
  writeCall as writeRpcCall,
  writeReply as writeRpcReply,
} from "../../src/rpc/write.ts";
import type { Confidence, Fault, Severity } from "../../src/rules/rule.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { argsOf, bytesFrom, op, resultOf, type Step } from "./scenario-operations.ts";
import { Wire, WireConnection } from "./scenario-wire.ts";

export { op } from "./scenario-operations.ts";

const NFS_PROGRAM = 100003;
export const CALLBACK_PROGRAM = 0x4000_0000;
const SERVER = "10.0.0.1:2049";

export interface Attributes {
  maxRequests?: number;
  maxOperations?: number;
  maxRequestSize?: number;
  maxResponseSize?: number;
  maxResponseSizeCached?: number;
  headerPadSize?: number;
}

export interface CallOptions {
  /** AUTH_SYS uid; 0 if absent. */
  uid?: number;
  tag?: string;
  xid?: number;
  minor?: number;
  /** The capture does not hold it, though the server got it. */
  lost?: boolean;
}

export interface SendOptions extends CallOptions {
  cachethis?: boolean;
  highest?: number;
  /** Another connection than the session's first. */
  on?: Connection;
}

export interface ReplyOptions {
  on?: Connection;
  tag?: string;
  lost?: boolean;
  xid?: number;
  /** sr_highest_slotid and sr_target_highest_slotid; the table's last slot if absent. */
  highest?: number;
  target?: number;
  flags?: number;
  /** Instead of the request's. */
  session?: string;
  seq?: number;
  slot?: number;
  /** COMPOUND status instead of the last result's. */
  status?: number;
}

/** What a finding looks like to a story. */
export interface Seen {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  fault: Fault;
  frames: number[];
  slot: number | null;
  seq: number | null;
  occurrences: number;
}

/** A story told in packets: everything said goes through our encoders and the whole pipeline. */
export class Scenario {
  readonly wire = new Wire();
  #xid = 1000;
  #sessions = 0;
  #ports = 800;
  #clientIds = 1n;

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
    }));
  }

  /** The rules that fired, sorted; `capture` notes of family B.11 included. */
  rules(): string[] {
    return this.findings()
      .map(({ rule }) => rule)
      .sort();
  }

  of(rule: string): Seen[] {
    return this.findings().filter((finding) => finding.rule === rule);
  }
}

export function scenario(): Scenario {
  return new Scenario();
}

export interface SessionOptions {
  slots?: number;
  on?: Connection;
  clientId?: bigint;
  sequence?: number;
  flags?: number;
  grantedFlags?: number;
  /** Requested and granted; the granted default to the requested. */
  fore?: Attributes;
  foreGranted?: Attributes;
  back?: Attributes;
  backGranted?: Attributes;
  minor?: number;
  sessionId?: string;
  /** Status of CREATE_SESSION; 0 if absent. */
  status?: number;
  csrSequence?: number;
}

export interface ExchangeOptions {
  owner?: string;
  verifier?: string;
  clientId?: bigint;
  sequence?: number;
  flags?: number;
  eirFlags?: number;
  major?: string;
  scope?: string;
  /** spa_how: 0 SP4_NONE, 1 SP4_MACH_CRED with empty operation maps. */
  protect?: 0 | 1;
}

export class Connection {
  readonly scenario: Scenario;
  readonly tcp: WireConnection;

  constructor(scenario: Scenario, tcp: WireConnection) {
    this.scenario = scenario;
    this.tcp = tcp;
  }

  close(how: "rst" | "fin" = "fin"): void {
    this.tcp.close(how);
  }

  /** A COMPOUND call with these operations. */
  call(steps: readonly Step[], options: CallOptions = {}): Sent {
    const xid = options.xid ?? this.scenario.nextXid();
    const sink = this.#head(xid, NFS_PROGRAM, 4, options);
    writeCall(sink, options.tag ?? "", options.minor ?? 1, steps.map(argsOf));
    if (options.lost) this.tcp.loseNext();
    return new Sent(this, "server", xid, steps, this.tcp.send("client", record(sink)), options.tag ?? "");
  }

  /** A CB_COMPOUND call from the server. */
  callback(steps: readonly Step[], options: CallOptions = {}): Sent {
    const xid = options.xid ?? this.scenario.nextXid();
    const sink = this.#head(xid, CALLBACK_PROGRAM, 1, options);
    writeCallbackCall(sink, options.tag ?? "", options.minor ?? 1, 0, steps.map(argsOf));
    return new Sent(this, "client", xid, steps, this.tcp.send("server", record(sink)), options.tag ?? "");
  }

  #head(xid: number, program: number, version: number, { uid = 0 }: CallOptions): Sink {
    const sink = new Sink();
    const cred = authSys({ machineName: bytesFrom("host"), uid, gid: 0 });
    writeRpcCall(sink, { xid, program, version, procedure: 1, cred, verf: NO_AUTH });
    return sink;
  }

  /** EXCHANGE_ID and its OK reply. */
  exchangeId(options: ExchangeOptions = {}): { clientId: bigint; call: Sent; replyFrame: number } {
    const clientId = options.clientId ?? this.scenario.nextClientId();
    const protect = options.protect ?? 0;
    const maps = { spo_must_enforce: [], spo_must_allow: [] };
    const protection = protect === 1 ? { spa_how: 1, spa_mach_ops: maps } : { spa_how: 0 };
    const answer = protect === 1 ? { spr_how: 1, spr_mach_ops: maps } : { spr_how: 0 };
    const call = this.call([
      op.step(
        "EXCHANGE_ID",
        {
          eia_clientowner: {
            co_verifier: bytesFrom(options.verifier ?? "0x0101010101010101"),
            co_ownerid: bytesFrom(options.owner ?? "owner"),
          },
          eia_flags: options.flags ?? 0,
          eia_state_protect: protection,
          eia_client_impl_id: [],
        },
        {
          eir_resok4: {
            eir_clientid: clientId,
            eir_sequenceid: options.sequence ?? 1,
            eir_flags: options.eirFlags ?? 0x10000,
            eir_state_protect: answer,
            eir_server_owner: { so_minor_id: 0n, so_major_id: bytesFrom(options.major ?? "server") },
            eir_server_scope: bytesFrom(options.scope ?? "scope"),
            eir_server_impl_id: [],
          },
        },
      ),
    ]);
    return { clientId, call, replyFrame: call.ok() };
  }

  /** The CREATE_SESSION call alone. */
  createSessionCall(clientId: bigint, options: SessionOptions = {}): { call: Sent; session: Session } {
    const { fore = {}, back = {}, flags = 0, sequence = 1 } = options;
    const sessionId = options.sessionId ?? sessionIdOf(this.scenario.nextSession());
    const slots = options.slots ?? 4;
    const step = op.step(
      "CREATE_SESSION",
      {
        csa_clientid: clientId,
        csa_sequence: sequence,
        csa_flags: flags,
        csa_fore_chan_attrs: attributes({ maxRequests: slots, ...fore }),
        csa_back_chan_attrs: attributes({ maxRequests: 2, ...back }),
        csa_cb_program: CALLBACK_PROGRAM,
        csa_sec_parms: [],
      },
      {
        csr_resok4: {
          csr_sessionid: bytesFrom(`0x${sessionId}`),
          csr_sequence: options.csrSequence ?? sequence,
          csr_flags: options.grantedFlags ?? flags,
          csr_fore_chan_attrs: attributes({ maxRequests: slots, ...fore, ...options.foreGranted }),
          csr_back_chan_attrs: attributes({ maxRequests: 2, ...back, ...options.backGranted }),
        },
      },
    );
    const call = this.call([step], options.minor === undefined ? {} : { minor: options.minor });
    return { call, session: new Session(this, sessionId, options) };
  }

  createSession(clientId: bigint, options: SessionOptions = {}): Session {
    const { call, session } = this.createSessionCall(clientId, options);
    session.creation = { call: call.frame, reply: call.ok([options.status ?? 0]) };
    return session;
  }

  destroySession(sessionId: string): Sent {
    return this.call([op.step("DESTROY_SESSION", { dsa_sessionid: bytesFrom(`0x${sessionId}`) })]);
  }

  destroyClientid(clientId: bigint): Sent {
    return this.call([op.step("DESTROY_CLIENTID", { dca_clientid: clientId })]);
  }

  bind(sessionId: string, direction = 3, granted = direction === 3 ? 3 : direction & 3): Sent {
    const id = bytesFrom(`0x${sessionId}`);
    return this.call([
      op.step(
        "BIND_CONN_TO_SESSION",
        { bctsa_sessid: id, bctsa_dir: direction, bctsa_use_conn_in_rdma_mode: false },
        { bctsr_resok4: { bctsr_sessid: id, bctsr_dir: granted, bctsr_use_conn_in_rdma_mode: false } },
      ),
    ]);
  }
}

/** A call on its way. */
export class Sent {
  readonly connection: Connection;
  readonly xid: number;
  readonly steps: readonly Step[];
  /** Frame of the call, 0 when the capture lost it. */
  readonly frame: number;
  readonly #replier: "client" | "server";
  readonly #tag: string;

  constructor(
    connection: Connection,
    replier: "client" | "server",
    xid: number,
    steps: readonly Step[],
    frame: number,
    tag: string,
  ) {
    this.connection = connection;
    this.#replier = replier;
    this.xid = xid;
    this.steps = steps;
    this.frame = frame;
    this.#tag = tag;
  }

  /**
   * The reply: statuses one by one, the first that is not 0 ends it; missing ones are 0. The frame number.
   * `ok([0, 10068])` fails the second operation.
   */
  ok(statuses: readonly number[] = [], options: ReplyOptions = {}): number {
    const results: OperationValue[] = [];
    for (const [index, step] of this.steps.entries()) {
      const status = statuses[index] ?? 0;
      results.push(resultOf(this.#adjust(step, options), status));
      if (status !== 0) break;
    }
    const last = statuses.slice(0, results.length).find((status) => status !== 0) ?? 0;
    return this.results(options.status ?? last, results, options);
  }

  /** SEQUENCE (or the first operation) refused. */
  fail(status: number, options: ReplyOptions = {}): number {
    return this.ok([status], options);
  }

  /** Any results at all. */
  results(status: number, results: readonly OperationValue[], options: ReplyOptions = {}): number {
    const sink = new Sink();
    writeRpcReply(sink, { xid: options.xid ?? this.xid, acceptStat: 0 });
    writeReply(sink, status, options.tag ?? this.#tag, results);
    return this.#send(sink, options);
  }

  /** An RPC-level refusal: 4 GARBAGE_ARGS, 5 SYSTEM_ERR. */
  refuse(acceptStat = 4, options: ReplyOptions = {}): number {
    const sink = new Sink();
    writeRpcReply(sink, { xid: options.xid ?? this.xid, acceptStat });
    return this.#send(sink, options);
  }

  #send(sink: Sink, { on, lost }: ReplyOptions): number {
    const { tcp } = on ?? this.connection;
    if (lost) tcp.loseNext();
    return tcp.send(this.#replier, record(sink));
  }

  #adjust(step: Step, { session, seq, slot, highest, target, flags }: ReplyOptions): Step {
    const resok = step.ok.sr_resok4 as Record<string, unknown> | undefined;
    if (resok === undefined) return step;
    const changes = Object.entries({
      sr_sessionid: session === undefined ? undefined : bytesFrom(`0x${session}`),
      sr_sequenceid: seq,
      sr_slotid: slot,
      sr_highest_slotid: highest,
      sr_target_highest_slotid: target ?? highest,
      sr_status_flags: flags,
    }).filter(([, value]) => value !== undefined);
    return { ...step, ok: { sr_resok4: { ...resok, ...Object.fromEntries(changes) } } };
  }
}

export class Session {
  readonly connection: Connection;
  readonly id: string;
  readonly slots: number;
  readonly minor: number;
  /** Frames of CREATE_SESSION. */
  creation = { call: 0, reply: 0 };

  constructor(connection: Connection, id: string, options: SessionOptions) {
    this.connection = connection;
    this.id = id;
    this.slots = options.foreGranted?.maxRequests ?? options.fore?.maxRequests ?? options.slots ?? 4;
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

  /** CB_SEQUENCE as a step. */
  callbackSequence(slot: number, seq: number): Step {
    const id = bytesFrom(`0x${this.id}`);
    return op.step(
      "CB_SEQUENCE",
      {
        csa_sessionid: id,
        csa_sequenceid: seq,
        csa_slotid: slot,
        csa_highest_slotid: slot,
        csa_cachethis: false,
        csa_referring_call_lists: [],
      },
      {
        csr_resok4: {
          csr_sessionid: id,
          csr_sequenceid: seq,
          csr_slotid: slot,
          csr_highest_slotid: 1,
          csr_target_highest_slotid: 1,
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
    return connection.call([session.sequence(this.id, seq, options), ...steps], { ...options, minor });
  }

  /** Requests `from` to `to` with their OK replies, in order. */
  exchange(from: number, to = from, steps?: readonly Step[], options?: SendOptions): void {
    for (let seq = from; seq <= to; seq++) this.send(seq, steps, options).ok();
  }
}

function attributes(values: Attributes) {
  return {
    ca_headerpadsize: values.headerPadSize ?? 0,
    ca_maxrequestsize: values.maxRequestSize ?? 1_049_620,
    ca_maxresponsesize: values.maxResponseSize ?? 1_049_480,
    ca_maxresponsesize_cached: values.maxResponseSizeCached ?? 4096,
    ca_maxoperations: values.maxOperations ?? 16,
    ca_maxrequests: values.maxRequests ?? 4,
    ca_rdma_ird: [],
  };
}

function sessionIdOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}

function record(message: Sink): Uint8Array {
  const bytes = message.finish();
  const sink = new Sink();
  writeRecordMark(sink, bytes.length);
  const mark = sink.finish();
  const whole = new Uint8Array(mark.length + bytes.length);
  whole.set(mark);
  whole.set(bytes, mark.length);
  return whole;
}
