import { type OperationValue, writeCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import {
  authSys,
  writeRecordMark,
  writeCall as writeRpcCall,
  writeReply as writeRpcReply,
} from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { argsOf, op, resultOf } from "./scenario-operations.ts";

/** What differs from one SEQUENCE message to the next. */
export interface SequenceFields {
  xid: number;
  /** The first four bytes of the session id. */
  session?: number;
  slot?: number;
  seq?: number;
}

const SESSION_ID = Uint8Array.from({ length: 16 }, (_, index) => 0xe0 + index);
const SLOT = 0x5107_5107;
const SEQ = 0x5e9_5e95;

const STEP = op.step(
  "SEQUENCE",
  { sa_sessionid: SESSION_ID, sa_sequenceid: SEQ, sa_slotid: SLOT, sa_highest_slotid: SLOT, sa_cachethis: false },
  {
    sr_resok4: {
      sr_sessionid: SESSION_ID,
      sr_sequenceid: SEQ,
      sr_slotid: SLOT,
      sr_highest_slotid: SLOT,
      sr_target_highest_slotid: SLOT,
      sr_status_flags: 0,
    },
  },
);

const CALL = record((sink) => {
  const cred = authSys({ stamp: 1, machineName: new Uint8Array(4), uid: 0, gid: 0, gids: [] });
  writeRpcCall(sink, { xid: 0, program: 100003, version: 4, procedure: 1, cred });
  writeCall(sink, "", 1, [argsOf(STEP), argsOf(op.putrootfh())] satisfies OperationValue[]);
});

const REPLY = record((sink) => {
  writeRpcReply(sink, { xid: 0, acceptStat: 0 });
  writeReply(sink, 0, "", [resultOf(STEP), resultOf(op.putrootfh())]);
});

/** A call of SEQUENCE and PUTROOTFH with its record mark; encoded once, so that a hundred thousand cost little. */
export function sequenceCall(fields: SequenceFields): Uint8Array {
  return filled(CALL, fields);
}

/** Its OK reply. */
export function sequenceReply(fields: SequenceFields): Uint8Array {
  return filled(REPLY, fields);
}

interface Template {
  bytes: Uint8Array;
  session: number[];
  slot: number[];
  seq: number[];
}

function record(write: (sink: Sink) => void): Template {
  const body = new Sink();
  write(body);
  const message = body.finish();
  const sink = new Sink();
  writeRecordMark(sink, message.length, true);
  const bytes = Uint8Array.from([...sink.finish(), ...message]);
  return { bytes, session: places(bytes, 0xe0e1_e2e3), slot: places(bytes, SLOT), seq: places(bytes, SEQ) };
}

function places(bytes: Uint8Array, word: number): number[] {
  const view = new DataView(bytes.buffer);
  const all = Array.from({ length: bytes.length >> 2 }, (_, index) => index * 4);
  return all.filter((at) => view.getUint32(at) === word >>> 0);
}

function filled(template: Template, { xid, session = 0, slot = 0, seq = 1 }: SequenceFields): Uint8Array {
  const bytes = template.bytes.slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(4, xid);
  for (const at of template.session) view.setUint32(at, session);
  for (const at of template.slot) view.setUint32(at, slot);
  for (const at of template.seq) view.setUint32(at, seq);
  return bytes;
}
