import {
  NFS4_OK,
  NFS4ERR_BADXDR,
  NFS4ERR_INVAL,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_REP_TOO_BIG,
  OP_ILLEGAL,
  OP_SEQUENCE,
} from "../nfs4/constants.ts";
import { operationNamed } from "../nfs4/op-table.ts";
import type { ForeOperation } from "../nfs4/operation.ts";
import { SEQUENCE4args, type SEQUENCE4resok } from "../nfs4/ops/session.ts";
import { positionFault, uncachedRetryStatus } from "../session/compound-position.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import type { CompoundCall } from "./compound-call.ts";
import { CompoundRun, type Machine } from "./compound-run.ts";
import { CompoundContext, type LeadingSequence, type Services } from "./context.ts";
import type { MaybePromise } from "./handler.ts";
import { ReplyWriter, replayRecord } from "./reply-writer.ts";
import { admit, type ReplyLimits } from "./sequence.ts";

/** What goes back to the client. */
export interface CompoundReply {
  /** The record, with its mark, in pieces. */
  readonly record: readonly Uint8Array[];
  /** It answers a request that was answered before. */
  readonly isRetry: boolean;
}

const NO_BODY = new Uint8Array(0);
const SEQUENCE = operationNamed("SEQUENCE") as ForeOperation;

const cursor = new Cursor();
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Answers COMPOUND calls. RFC 8881 §16.2, §2.10.6 */
export class CompoundService {
  readonly #services: Services;
  readonly #machine: Machine;
  /** Requests that are being executed and were not answered yet. */
  running = 0;

  constructor(services: Services, machine: Machine) {
    this.#services = services;
    this.#machine = machine;
  }

  answer(call: CompoundCall, xid: number): MaybePromise<CompoundReply> {
    const { ops, brokenOp } = call;
    const writer = new ReplyWriter(xid, call.tag);
    const status = this.#headerStatus(call);
    if (status !== NFS4_OK) {
      writer.fail(status);
      return fresh(writer);
    }
    if (ops.length === 0 && brokenOp < 0) return fresh(writer);
    const first = ops[0] ?? brokenOp;
    if (first === OP_SEQUENCE) return this.#sequenced(call, xid, writer);
    const fault = positionFault([first], call.declaredOps, call.minorVersion);
    if (fault === null) return this.#execute(call, writer, null, this.#ownLimits, 0);
    writer.addError(isIllegal(fault.status) ? OP_ILLEGAL : first, fault.status);
    return fresh(writer);
  }

  /** What is refused before any operation is looked at. */
  #headerStatus({ minorVersion, tag }: CompoundCall): number {
    if (!this.#services.options.minorVersions.includes(minorVersion)) return NFS4ERR_MINOR_VERS_MISMATCH;
    return isUtf8(tag) ? NFS4_OK : NFS4ERR_INVAL;
  }

  /** Without a session the server's own bounds hold. */
  get #ownLimits(): ReplyLimits {
    return { bytes: this.#services.options.messageBytesMax, status: NFS4ERR_REP_TOO_BIG };
  }

  #sequenced(call: CompoundCall, xid: number, writer: ReplyWriter): MaybePromise<CompoundReply> {
    const args = readSequence(call);
    if (args === null) {
      writer.addError(OP_SEQUENCE, NFS4ERR_BADXDR);
      return fresh(writer);
    }
    const admission = admit(this.#services, call, args);
    switch (admission.kind) {
      case "refused":
        writer.addError(OP_SEQUENCE, admission.status);
        return fresh(writer);
      case "replay":
        return { record: [replayRecord(xid, admission.body)], isRetry: true };
      case "uncached":
        addSequence(writer, admission.result);
        this.#addUncached(call, writer);
        return { record: writer.record(), isRetry: true };
      default:
        addSequence(writer, admission.result);
        return this.#execute(call, writer, admission.sequence, admission.limits, 1);
    }
  }

  /** The second operation says that the reply was not kept; a lone SEQUENCE has none and is simply answered. §2.10.6.1.3 */
  #addUncached({ ops, brokenOp, minorVersion }: CompoundCall, writer: ReplyWriter): void {
    const second = ops[1] ?? brokenOp;
    if (second < 0) return;
    const status = uncachedRetryStatus(second, minorVersion);
    const said = this.#services.hooks.uncachedStatus?.(status) ?? status;
    writer.addError(isIllegal(status) ? OP_ILLEGAL : second, said);
  }

  #execute(
    call: CompoundCall,
    writer: ReplyWriter,
    sequence: LeadingSequence | null,
    limits: ReplyLimits,
    from: number,
  ): MaybePromise<CompoundReply> {
    const { connection, minorVersion, user, declaredOps } = call;
    const request = { connection, minorVersion, user, sequence, operationCount: declaredOps };
    const context = new CompoundContext(this.#services, request);
    // The lease must not run out under a request. RFC 8881 §8.3
    sequence?.client.lease.hold();
    this.running++;
    const done = new CompoundRun(this.#machine, call, context, writer, limits).run(from);
    return done instanceof Promise
      ? done.then(() => this.#complete(writer, sequence))
      : this.#complete(writer, sequence);
  }

  #complete(writer: ReplyWriter, sequence: LeadingSequence | null): CompoundReply {
    this.running--;
    if (sequence !== null) {
      const { session, slotId, seq, cachethis } = sequence;
      sequence.client.lease.release(this.#services.timers.nowNanos());
      session.model.fore.completeSlotRequest(slotId, seq, cachethis, cachethis ? writer.body() : NO_BODY);
    }
    return fresh(writer);
  }
}

function fresh(writer: ReplyWriter): CompoundReply {
  return { record: writer.record(), isRetry: false };
}

function addSequence(writer: ReplyWriter, result: SEQUENCE4resok): void {
  writer.add(SEQUENCE, { sr_status: NFS4_OK, sr_resok4: result }, Number.POSITIVE_INFINITY);
}

function readSequence({ message, starts }: CompoundCall): SEQUENCE4args | null {
  const [start] = starts;
  if (start === undefined) return null;
  try {
    return SEQUENCE4args.read(cursor.reset(message, start, message.length));
  } catch (error) {
    if (error instanceof XdrError) return null;
    throw error;
  }
}

/** An operation that is none is named OP_ILLEGAL in the reply. RFC 8881 §18.52 */
function isIllegal(status: number): boolean {
  return status === NFS4ERR_OP_ILLEGAL;
}

function isUtf8(tag: Uint8Array): boolean {
  if (tag.length === 0) return true;
  try {
    utf8.decode(tag);
    return true;
  } catch {
    return false;
  }
}
