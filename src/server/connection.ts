import { AuthSys, parseAuthSys } from "../rpc/auth-sys.ts";
import {
  AUTH_ERROR,
  AUTH_NONE,
  AUTH_SYS,
  CALL,
  GARBAGE_ARGS,
  PROC_UNAVAIL,
  PROG_MISMATCH,
  PROG_UNAVAIL,
  RPC_MISMATCH,
  RPC_VERSION,
  SUCCESS,
} from "../rpc/constants.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { RecordAssembler, RecordError } from "../rpc/record-assembler.ts";
import {
  type Auth,
  RECORD_MARK_BYTES,
  type ReplyHeader,
  writeCall,
  writeRecordMark,
  writeReply,
} from "../rpc/write.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import { Sink } from "../xdr/sink.ts";
import { type CompoundCall, readCompoundCall } from "./compound-call.ts";
import type { CompoundReply, CompoundService } from "./compound-service.ts";
import type { User } from "./context.ts";

const NFS_PROGRAM = 100003;
const NFS_VERSION = 4;
const NULL_PROCEDURE = 0;
const COMPOUND_PROCEDURE = 1;
const AUTH_BADCRED = 1;
const AUTH_TOOWEAK = 5;

/** A client that does not read its replies gets no more of them made than this. */
const QUEUED_BYTES_MAX = 16 * 1024 * 1024;
/** Callbacks on one connection without an answer. */
const PENDING_CALLS_MAX = 4096;

const credential = new AuthSys();
/** No AUTH_SYS credential is so short. */
const NO_CREDENTIAL = new Uint8Array(0);
const NOBODY: User = { uid: 65534, gid: 65534, gids: [], principal: "none" };

/** What a connection needs of the server that took it. */
export interface ConnectionHost {
  readonly service: CompoundService;
  /** Bytes of the largest request, those too big to be granted included. */
  readonly requestBytesMax: number;
  /** A reply is ready: it goes to `deliver`, unless a fault has it otherwise. */
  reply(connection: ServedConnection, reply: CompoundReply): void;
  /** One line for the operator. */
  log(line: string): void;
  closed(connection: ServedConnection): void;
}

/** One client connection: records in, replies out, callbacks the other way. */
export class ServedConnection {
  readonly id: number;
  readonly peer: string;
  readonly #channel: ByteChannel;
  readonly #host: ConnectionHost;
  readonly #assembler: RecordAssembler;
  readonly #header = new RpcHeader();
  /** Callbacks by xid. What the connection takes with it is never answered: the session's slots know what to do. */
  readonly #pending = new Map<number, (results: Uint8Array | null) => void>();
  #nextXid = 1;
  /** The AUTH_SYS credential seen last, and whom it stands for. */
  #credential = NO_CREDENTIAL;
  #user = NOBODY;
  #isOpen = true;
  /** The client does not read: nothing more is answered until it does. */
  #isHeld = false;
  /** Messages that came in one piece with the one whose reply was too much: a chunk of the channel at most. */
  readonly #heldBack: Uint8Array[] = [];

  constructor(id: number, channel: ByteChannel, host: ConnectionHost) {
    this.id = id;
    this.peer = channel.remoteAddress;
    this.#channel = channel;
    this.#host = host;
    this.#assembler = new RecordAssembler(host.requestBytesMax, (record) => this.#take(record));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Starts to read. */
  open(): void {
    this.#channel.open({
      received: (bytes) => this.#received(bytes),
      closed: () => this.#closed(),
      drained: () => this.#letGo(),
    });
  }

  /** Sends a record, mark included, in one piece or several. */
  send(...pieces: readonly Uint8Array[]): void {
    if (!this.#isOpen) return;
    for (const piece of pieces) this.#channel.write(piece);
    if (this.#isHeld || this.#channel.queuedBytes < QUEUED_BYTES_MAX) return;
    this.#isHeld = true;
    this.#channel.pause();
  }

  /** Calls the client. `answered` gets the results of an accepted call, null when it was refused. */
  call(
    call: { program: number; version: number; procedure: number; cred?: Auth },
    body: Uint8Array,
    answered: (results: Uint8Array | null) => void,
  ): void {
    if (!this.#isOpen || this.#pending.size >= PENDING_CALLS_MAX) return;
    const xid = this.#nextXid;
    this.#nextXid = (xid + 1) >>> 0;
    this.#pending.set(xid, answered);
    const sink = new Sink(body.length + 256);
    writeRecordMark(sink, 0);
    writeCall(sink, { xid, ...call });
    sink.raw(body);
    this.send(finished(sink));
  }

  /** Closes in good order. */
  end(): void {
    this.#channel.end();
  }

  reset(): void {
    this.#channel.reset();
  }

  #received(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    try {
      this.#assembler.push(bytes);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.#drop(`${error.message}, at byte ${error.offset}`);
    }
  }

  #drop(why: string): void {
    if (!this.#isOpen) return;
    this.#host.log(`${this.peer}: ${why}; connection closed`);
    this.#channel.reset();
    this.#closed();
  }

  #closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#pending.clear();
    this.#heldBack.length = 0;
    this.#host.closed(this);
  }

  #letGo(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    const waiting = this.#heldBack.splice(0);
    for (const message of waiting) this.#take(message);
    if (!this.#isHeld) this.#channel.resume();
  }

  #take(message: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#isHeld) {
      this.#heldBack.push(message);
      return;
    }
    const header = this.#header;
    if (!parseHeader(message, 0, message.length, header)) {
      if (header.problem === "rpcvers") this.#deny(header.xid >>> 0);
      else if (header.type === CALL && header.problem === "auth body over 400 bytes")
        this.#refuse(header.xid >>> 0, AUTH_BADCRED);
      else this.#drop(`no RPC message (${header.problem} at byte ${header.problemOffset} of a record)`);
      return;
    }
    if (header.type === CALL) this.#called(message, header);
    else this.#answered(message, header);
  }

  #answered(message: Uint8Array, header: RpcHeader): void {
    const xid = header.xid >>> 0;
    const answered = this.#pending.get(xid);
    if (answered === undefined) return;
    this.#pending.delete(xid);
    answered(header.acceptStat === SUCCESS ? message.subarray(header.bodyStart) : null);
  }

  #called(message: Uint8Array, header: RpcHeader): void {
    const xid = header.xid >>> 0;
    const called = this.#understood(xid, message, header);
    if ("xid" in called) {
      this.#accept(called);
      return;
    }
    const reply = this.#host.service.answer(called, xid);
    if (reply instanceof Promise) void reply.then((later) => this.#host.reply(this, later));
    else this.#host.reply(this, reply);
  }

  /** The compound that is called for, or the reply that RPC itself gives. */
  #understood(xid: number, message: Uint8Array, header: RpcHeader): CompoundCall | ReplyHeader {
    const { program, version, procedure, bodyStart } = header;
    if (program !== NFS_PROGRAM) return { xid, acceptStat: PROG_UNAVAIL };
    if (version !== NFS_VERSION) return { xid, acceptStat: PROG_MISMATCH, low: NFS_VERSION, high: NFS_VERSION };
    const user = this.#userOf(message, header);
    if (typeof user === "number") return { xid, rejectStat: AUTH_ERROR, authStat: user };
    if (procedure === NULL_PROCEDURE) return { xid, acceptStat: SUCCESS };
    if (procedure !== COMPOUND_PROCEDURE) return { xid, acceptStat: PROC_UNAVAIL };
    return readCompoundCall(message, bodyStart, this.id, user) ?? { xid, acceptStat: GARBAGE_ARGS };
  }

  /** Most calls of a connection are one user's, with the same credential as the last. */
  #userOf(message: Uint8Array, header: RpcHeader): User | number {
    const { credFlavor, credStart, credLength } = header;
    if (credFlavor === AUTH_SYS && isAt(message, credStart, credLength, this.#credential)) return this.#user;
    const user = userOf(message, header);
    if (credFlavor === AUTH_SYS && typeof user !== "number") {
      this.#credential = message.slice(credStart, credStart + credLength);
      this.#user = user;
    }
    return user;
  }

  #deny(xid: number): void {
    this.#accept({ xid, rejectStat: RPC_MISMATCH, low: RPC_VERSION, high: RPC_VERSION });
  }

  #refuse(xid: number, authStat: number): void {
    this.#accept({ xid, rejectStat: AUTH_ERROR, authStat });
  }

  #accept(reply: ReplyHeader): void {
    const sink = new Sink(64);
    writeRecordMark(sink, 0);
    writeReply(sink, reply);
    this.send(finished(sink));
  }
}

function finished(sink: Sink): Uint8Array {
  sink.patch(0, (0x8000_0000 | (sink.length - RECORD_MARK_BYTES)) >>> 0);
  return sink.view();
}

/** Whom the call acts for, or the auth_stat that refuses it. RFC 5531 §9 */
function userOf(message: Uint8Array, header: RpcHeader): User | number {
  if (header.credFlavor === AUTH_NONE) return NOBODY;
  if (header.credFlavor !== AUTH_SYS) return AUTH_TOOWEAK;
  const end = header.credStart + header.credLength;
  if (!parseAuthSys(message, header.credStart, end, credential)) return AUTH_BADCRED;
  const { uid, gid, gids, gidCount } = credential;
  return { uid, gid, gids: Array.from(gids.subarray(0, gidCount)), principal: `sys:${uid}` };
}

function isAt(message: Uint8Array, start: number, length: number, bytes: Uint8Array): boolean {
  if (length === 0 || length !== bytes.length) return false;
  for (let at = 0; at < length; at++) if (message[start + at] !== bytes[at]) return false;
  return true;
}
