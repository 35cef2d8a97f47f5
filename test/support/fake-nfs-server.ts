import { type OperationValue, writeReply as writeCompoundReply } from "../../src/nfs4/compound-writer.ts";
import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_OP_NOT_IN_SESSION,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_STALE_CLIENTID,
} from "../../src/nfs4/constants.ts";
import { operationNamed, operationOf } from "../../src/nfs4/op-table.ts";
import type { Operation } from "../../src/nfs4/operation.ts";
import type {
  BIND_CONN_TO_SESSION4args,
  CREATE_SESSION4args,
  DESTROY_SESSION4args,
  SEQUENCE4args,
} from "../../src/nfs4/ops/session.ts";
import { principal } from "../../src/rpc/auth-sys.ts";
import { REPLY, SUCCESS } from "../../src/rpc/constants.ts";
import { parseHeader, RpcHeader } from "../../src/rpc/message.ts";
import { RecordAssembler } from "../../src/rpc/record-assembler.ts";
import { writeRecordMark, writeReply } from "../../src/rpc/write.ts";
import { sessionIdText } from "../../src/session/session-id.ts";
import { SlotTable } from "../../src/session/slot-table.ts";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { type StructType, UnionType, type ValueOf } from "../../src/xdr/types.ts";

type Sequence = ValueOf<typeof SEQUENCE4args>;

/** A connection of a fake server. */
export interface FakePeer {
  readonly channel: ByteChannel;
  /** Sends an RPC message with its record mark. */
  send(message: Uint8Array): void;
  /** Replies to our calls, by xid. */
  readonly replies: Map<number, Uint8Array>;
}

interface FakeSession {
  readonly id: Uint8Array;
  readonly slots: SlotTable<Uint8Array>;
}

/** What a test wants done with a SEQUENCE: a status instead of what the slot table says, or no reply at all. */
export type SequenceWish = number | "silent" | null;

/** As much of an NFSv4.1 server as a requester's tests need: sessions and slots are real, files do not exist. */
export class FakeNfsServer {
  readonly peers: FakePeer[] = [];
  readonly sessions = new Map<string, FakeSession>();
  /** Names looked up, in the order of execution: nothing may stand here twice. */
  readonly executed: string[] = [];
  /** Names of all operations that arrived, SEQUENCE left out. */
  readonly seen: string[] = [];
  slots = 8;
  clientIds = new Set<bigint>();
  onSequence: ((args: Sequence, peer: FakePeer) => SequenceWish) | null = null;
  /** The status of an operation behind SEQUENCE. */
  onOperation: ((name: string, args: unknown) => number) | null = null;
  /** The value of a result that is more than a status. */
  onResult: ((name: string, args: unknown) => unknown) | null = null;
  #nextId = 0;

  readonly accept = (channel: ByteChannel): void => {
    const peer: FakePeer = {
      channel,
      replies: new Map(),
      send: (message) => {
        const sink = new Sink();
        writeRecordMark(sink, message.length);
        sink.raw(message);
        channel.write(sink.finish());
      },
    };
    this.peers.push(peer);
    const assembler = new RecordAssembler(1 << 24, (record) => this.#receive(record, peer));
    channel.open({
      received: (bytes) => assembler.push(bytes),
      closed: () => this.peers.splice(this.peers.indexOf(peer), 1),
    });
  };

  /** Forgets sessions, and client IDs too if told so. */
  restart(withClients: boolean): void {
    this.sessions.clear();
    if (withClients) this.clientIds.clear();
  }

  #receive(record: Uint8Array, peer: FakePeer): void {
    const header = new RpcHeader();
    if (!parseHeader(record, 0, record.length, header)) throw new Error(`a bad header: ${header.problem}`);
    if (header.type === REPLY) {
      peer.replies.set(header.xid >>> 0, record.subarray(header.bodyStart));
      return;
    }
    const body = header.procedure === 0 ? new Uint8Array(0) : this.#compound(record, header, peer);
    if (body === null) return;
    const sink = new Sink();
    writeReply(sink, { xid: header.xid >>> 0, acceptStat: SUCCESS });
    sink.raw(body);
    peer.send(sink.finish());
  }

  #compound(record: Uint8Array, header: RpcHeader, peer: FakePeer): Uint8Array | null {
    const cursor = new Cursor().reset(record, header.bodyStart, record.length);
    cursor.skip((cursor.u32() + 3) & ~3);
    cursor.u32();
    const calls: OperationValue[] = [];
    for (let left = cursor.u32(); left > 0; left--) {
      const operation = operationOf(cursor.u32())!;
      calls.push({ operation, value: operation.args.read(cursor) });
    }
    const [first] = calls;
    if (first === undefined) return compoundBody([]);
    if (first.operation.name !== "SEQUENCE") return compoundBody([this.#alone(first, peer)]);
    const rest = record.subarray(header.bodyStart + 12 + 4 + 36).toString();
    return this.#sequenced(first.value as Sequence, calls.slice(1), rest, String(principal(header, record)), peer);
  }

  #sequenced(
    args: Sequence,
    calls: readonly OperationValue[],
    fingerprint: string,
    user: string,
    peer: FakePeer,
  ): Uint8Array | null {
    this.seen.push(...calls.map(({ operation }) => operation.name));
    const wish = this.onSequence?.(args, peer) ?? null;
    if (wish === "silent") return null;
    if (wish !== null) return compoundBody([failed("SEQUENCE", wish)]);
    const slots = this.sessions.get(sessionIdText(args.sa_sessionid))?.slots;
    if (slots === undefined) return compoundBody([failed("SEQUENCE", NFS4ERR_BADSESSION)]);
    const { sa_slotid, sa_sequenceid, sa_cachethis: cachethis, sa_highest_slotid: highest } = args;
    const request = { fingerprint, principal: user, cachethis, highest };
    const { status, cached } = slots.validateSequence(sa_slotid, sa_sequenceid, request);
    if (status !== NFS4_OK) return compoundBody([failed("SEQUENCE", status)]);
    const sequence = sequenceOk(args, slots);
    if (cached?.kind === "full") return cached.reply;
    if (cached !== null) {
      const [second] = calls;
      if (second === undefined) return compoundBody([sequence]);
      return compoundBody([sequence, failed(second.operation.name, NFS4ERR_RETRY_UNCACHED_REP)]);
    }
    slots.markSlotInUse(sa_slotid, sa_sequenceid, request);
    const body = compoundBody([sequence, ...this.#execute(calls)]);
    slots.completeSlotRequest(sa_slotid, sa_sequenceid, cachethis, body);
    return body;
  }

  #execute(calls: readonly OperationValue[]): OperationValue[] {
    const results: OperationValue[] = [];
    for (const { operation, value } of calls) {
      const { name } = operation;
      const status = this.onOperation?.(name, value) ?? NFS4_OK;
      if (name === "LOOKUP") this.executed.push((value as { objname: string }).objname);
      const made = status === NFS4_OK ? this.onResult?.(name, value) : undefined;
      results.push(made === undefined ? failed(name, status) : { operation, value: made });
      if (status !== NFS4_OK) break;
    }
    return results;
  }

  #alone({ operation, value }: OperationValue, peer: FakePeer): OperationValue {
    this.seen.push(operation.name);
    switch (operation.name) {
      case "EXCHANGE_ID":
        return this.#exchangeId(operation);
      case "CREATE_SESSION":
        return this.#createSession(operation, value as ValueOf<typeof CREATE_SESSION4args>, peer);
      case "DESTROY_SESSION": {
        const { dsa_sessionid } = value as ValueOf<typeof DESTROY_SESSION4args>;
        const isKnown = this.sessions.delete(sessionIdText(dsa_sessionid));
        return failed(operation.name, isKnown ? NFS4_OK : NFS4ERR_BADSESSION);
      }
      case "DESTROY_CLIENTID":
        return failed(operation.name, NFS4_OK);
      case "BIND_CONN_TO_SESSION": {
        const { bctsa_sessid } = value as ValueOf<typeof BIND_CONN_TO_SESSION4args>;
        const resok = { bctsr_sessid: bctsa_sessid, bctsr_dir: 3, bctsr_use_conn_in_rdma_mode: false };
        const isKnown = this.sessions.has(sessionIdText(bctsa_sessid));
        if (!isKnown) return failed(operation.name, NFS4ERR_BADSESSION);
        return { operation, value: { bctsr_status: NFS4_OK, bctsr_resok4: resok } };
      }
      default:
        return failed(operation.name, NFS4ERR_OP_NOT_IN_SESSION);
    }
  }

  #exchangeId(operation: Operation): OperationValue {
    const clientId = BigInt(++this.#nextId);
    this.clientIds.add(clientId);
    const eir_resok4 = {
      eir_clientid: clientId,
      eir_sequenceid: 1,
      eir_flags: 0x10000,
      eir_state_protect: { spr_how: 0 },
      eir_server_owner: { so_minor_id: 0n, so_major_id: Uint8Array.of(1) },
      eir_server_scope: Uint8Array.of(1),
      eir_server_impl_id: [],
    };
    return { operation, value: { eir_status: NFS4_OK, eir_resok4 } };
  }

  #createSession(operation: Operation, args: ValueOf<typeof CREATE_SESSION4args>, _peer: FakePeer): OperationValue {
    if (!this.clientIds.has(args.csa_clientid)) return failed(operation.name, NFS4ERR_STALE_CLIENTID);
    const id = new Uint8Array(16).fill(++this.#nextId);
    const slots = Math.min(args.csa_fore_chan_attrs.ca_maxrequests, this.slots);
    this.sessions.set(sessionIdText(id), { id, slots: new SlotTable(slots) });
    const csr_resok4 = {
      csr_sessionid: id,
      csr_sequence: args.csa_sequence,
      csr_flags: args.csa_flags,
      csr_fore_chan_attrs: { ...args.csa_fore_chan_attrs, ca_maxrequests: slots },
      csr_back_chan_attrs: args.csa_back_chan_attrs,
    };
    return { operation, value: { csr_status: NFS4_OK, csr_resok4 } };
  }
}

function sequenceOk(args: Sequence, slots: SlotTable<Uint8Array>): OperationValue {
  const sr_resok4 = {
    sr_sessionid: args.sa_sessionid,
    sr_sequenceid: args.sa_sequenceid,
    sr_slotid: args.sa_slotid,
    sr_highest_slotid: slots.enforcedHighest,
    sr_target_highest_slotid: slots.targetHighest,
    sr_status_flags: 0,
  };
  return { operation: operationNamed("SEQUENCE")!, value: { sr_status: NFS4_OK, sr_resok4 } };
}

/** A result that is a status; operations whose success brings more can only fail. */
function failed(name: string, status: number): OperationValue {
  const operation = operationNamed(name)!;
  const { res } = operation;
  const field = res instanceof UnionType ? res.discriminantName : Object.keys((res as StructType<never>).fields)[0]!;
  return { operation, value: { [field]: status } };
}

function compoundBody(results: readonly OperationValue[]): Uint8Array {
  const sink = new Sink();
  const last = results.at(-1);
  const status = last === undefined ? NFS4_OK : (Object.values(last.value as Record<string, number>)[0] as number);
  writeCompoundReply(sink, status, "", results);
  return sink.finish();
}
