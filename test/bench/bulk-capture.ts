import { type FileHandle, open } from "node:fs/promises";
import { type OperationValue, writeCall, writeReply } from "../../src/nfs4/compound-writer.ts";
import { operations } from "../../src/nfs4/op-table.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { writePcap } from "../support/capture-writer.ts";
import { ethernet, tcpSegment } from "../support/network-packets.ts";
import { callMessage, filler, marked, replyMessage } from "../support/rpc-stream.ts";

const TRANSFER_BYTES = 1 << 20;
/** What the kernel hands over in one piece where the card cuts segments, and what goes over Ethernet otherwise. */
const PAYLOADS = [65_483, 1448];
const SLOTS = 4;
const SESSION_ID = new Uint8Array(16).fill(0xb5);
const DATA = { length: TRANSFER_BYTES, bytes: filler(TRANSFER_BYTES) };
const STATEID = { seqid: 1, other: new Uint8Array(12).fill(7) };
const FILE_HANDLE = new Uint8Array(28).fill(3);
const CLIENT = "10.0.0.2:801";
const SERVER = "10.0.0.1:2049";
const STEP_NANOS = 20_000;

/**
 * Writes a capture of at least `bytes` bytes: one session on four slots, WRITE and READ of 1 MiB in turn,
 * first in offloaded frames of 64 KiB, from the middle on in frames of 1,448 bytes. Returns its number of calls.
 */
export async function writeBulkCapture(path: string, bytes: number): Promise<number> {
  const file = await open(path, "w");
  try {
    const capture = new BulkCapture(file);
    await capture.begin();
    let calls = 0;
    for (let seq = 1; capture.written < bytes; seq++) {
      capture.payloadBytes = PAYLOADS[capture.written < bytes / 2 ? 0 : 1] as number;
      for (let slot = 0; slot < SLOTS; slot++) await capture.call(slot, seq);
      for (let slot = 0; slot < SLOTS; slot++) await capture.reply(slot, seq);
      calls += SLOTS;
    }
    return calls;
  } finally {
    await file.close();
  }
}

/** Even slots write, odd ones read. */
const isWriter = (slot: number) => slot % 2 === 0;

class BulkCapture {
  payloadBytes = 0;
  written = 0;
  readonly #file: FileHandle;
  readonly #sent = { [CLIENT]: 1, [SERVER]: 1 };
  #nanos = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async begin(): Promise<void> {
    await this.#write(writePcap({ nanos: true }, []));
    await this.#segment(CLIENT, SERVER, new Uint8Array(0), "S");
    await this.#segment(SERVER, CLIENT, new Uint8Array(0), "SA");
  }

  async call(slot: number, seq: number): Promise<void> {
    const sink = new Sink();
    const transfer = isWriter(slot)
      ? operation("WRITE", { stateid: STATEID, offset: offsetOf(seq), stable: 0, data: DATA })
      : operation("READ", { stateid: STATEID, offset: offsetOf(seq), count: TRANSFER_BYTES });
    const sequence = operation("SEQUENCE", {
      sa_sessionid: SESSION_ID,
      sa_sequenceid: seq,
      sa_slotid: slot,
      sa_highest_slotid: SLOTS - 1,
      sa_cachethis: false,
    });
    writeCall(sink, "", 1, [sequence, operation("PUTFH", { object: FILE_HANDLE }), transfer]);
    await this.#send(CLIENT, SERVER, callMessage(xidOf(slot, seq), sink.finish()));
  }

  async reply(slot: number, seq: number): Promise<void> {
    const sink = new Sink();
    const resok4 = isWriter(slot)
      ? { count: TRANSFER_BYTES, committed: 0, writeverf: new Uint8Array(8) }
      : { eof: false, data: DATA };
    const sequence = operation("SEQUENCE", {
      sr_status: 0,
      sr_resok4: {
        sr_sessionid: SESSION_ID,
        sr_sequenceid: seq,
        sr_slotid: slot,
        sr_highest_slotid: SLOTS - 1,
        sr_target_highest_slotid: SLOTS - 1,
        sr_status_flags: 0,
      },
    });
    const transfer = operation(isWriter(slot) ? "WRITE" : "READ", { status: 0, resok4 });
    writeReply(sink, 0, "", [sequence, operation("PUTFH", { status: 0 }), transfer]);
    await this.#send(SERVER, CLIENT, replyMessage(xidOf(slot, seq), sink.finish()));
  }

  async #send(from: string, to: string, message: Uint8Array): Promise<void> {
    const record = marked(message);
    for (let at = 0; at < record.length; at += this.payloadBytes) {
      await this.#segment(from, to, record.subarray(at, at + this.payloadBytes), "PA");
    }
  }

  async #segment(from: string, to: string, payload: Uint8Array, flags: string): Promise<void> {
    const sent = this.#sent as Record<string, number>;
    const isSyn = flags.startsWith("S");
    const seq = (sent[from] as number) - (isSyn ? 1 : 0);
    const packet = ethernet(
      tcpSegment({ from, to, seq, ack: flags === "S" ? 0 : (sent[to] as number), flags, payload }),
    );
    sent[from] = ((sent[from] as number) + payload.length) >>> 0;
    this.#nanos += STEP_NANOS;
    const seconds = 1_700_000_000 + Math.floor(this.#nanos / 1e9);
    const file = writePcap({ nanos: true }, [{ seconds, nanos: this.#nanos % 1e9, bytes: packet }]);
    await this.#write(file.subarray(24));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes);
    this.written += bytes.length;
  }
}

function operation(name: string, value: unknown): OperationValue {
  const found = operations.find((known) => known.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return { operation: found, value };
}

function offsetOf(seq: number): bigint {
  return BigInt(seq) * BigInt(TRANSFER_BYTES);
}

function xidOf(slot: number, seq: number): number {
  return seq * SLOTS + slot;
}
