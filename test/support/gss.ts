import { type OperationValue, writeCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { GSS_S_COMPLETE, RPC_GSS_SVC_INTEGRITY, RPC_GSS_SVC_NONE, RPCSEC_GSS_INIT } from "../../src/rpc/gss.ts";
import {
  type Auth,
  writeRecordMark,
  writeCall as writeRpcCall,
  writeReply as writeRpcReply,
} from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import type { Connection } from "./scenario.ts";
import { argsOf, resultOf, type Step } from "./scenario-operations.ts";

const NFS = 100003;
const HANDLE = Uint8Array.of(1, 2, 3, 4);

/** An RPC message as a record of one fragment. */
export function record(body: Sink): Uint8Array {
  const message = body.finish();
  const sink = new Sink();
  writeRecordMark(sink, message.length);
  sink.raw(message);
  return sink.finish();
}

function gssCred(service: number, sequence = 7, procedure = 0): Auth {
  const sink = new Sink();
  for (const word of [1, procedure, sequence, service]) sink.u32(word);
  sink.u32(4);
  sink.raw(HANDLE);
  return { flavor: 6, body: sink.finish() };
}

/** rpc_gss_integ_data around a body: length, seq_num, body, then a checksum. RFC 2203 §5.3.2.2 */
function integrity(sink: Sink, write: (sink: Sink) => void): void {
  const inner = new Sink();
  inner.u32(7);
  write(inner);
  const bytes = inner.finish();
  sink.u32(bytes.length);
  sink.padded(bytes);
  sink.u32(16);
  sink.raw(new Uint8Array(16).fill(0xcc));
}

/** Exchanges compounds under a service of RPCSEC_GSS. */
export class GssPeer {
  readonly connection: Connection;
  readonly service: number;
  #xid = 50_000;

  constructor(connection: Connection, service: number) {
    this.connection = connection;
    this.service = service;
  }

  exchange(steps: readonly Step[], sequence?: number): number {
    return this.answer(this.send(steps, sequence), steps);
  }

  /** Makes the context: RPCSEC_GSS_INIT with a sequence window. RFC 2203 §5.2 */
  create(window: number): void {
    const xid = this.#xid++;
    const call = new Sink();
    writeRpcCall(call, {
      xid,
      program: NFS,
      version: 4,
      procedure: 0,
      cred: gssCred(this.service, 0, RPCSEC_GSS_INIT),
    });
    call.u32(0);
    this.connection.tcp.send("client", record(call));
    const reply = new Sink();
    writeRpcReply(reply, { xid, acceptStat: 0 });
    reply.u32(HANDLE.length);
    reply.raw(HANDLE);
    for (const word of [GSS_S_COMPLETE, 0, window, 0]) reply.u32(word);
    this.connection.tcp.send("server", record(reply));
  }

  /** A call alone. */
  send(steps: readonly Step[], sequence?: number): { xid: number; frame: number } {
    const xid = this.#xid++;
    const call = new Sink();
    writeRpcCall(call, { xid, program: NFS, version: 4, procedure: 1, cred: gssCred(this.service, sequence) });
    this.#body(call, (sink) => writeCall(sink, "", 1, steps.map(argsOf)));
    return { xid, frame: this.connection.tcp.send("client", record(call)) };
  }

  /** The OK reply to it; its frame. */
  answer({ xid }: { xid: number }, steps: readonly Step[]): number {
    const reply = new Sink();
    writeRpcReply(reply, { xid, acceptStat: 0 });
    const results: OperationValue[] = steps.map((step) => resultOf(step));
    this.#body(reply, (sink) => writeReply(sink, 0, "", results));
    return this.connection.tcp.send("server", record(reply));
  }

  #body(sink: Sink, write: (sink: Sink) => void): void {
    if (this.service === RPC_GSS_SVC_NONE) write(sink);
    else if (this.service === RPC_GSS_SVC_INTEGRITY) integrity(sink, write);
    else sink.padded(new Uint8Array(120).fill(0xee));
  }
}
