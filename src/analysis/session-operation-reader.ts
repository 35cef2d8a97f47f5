import type { Compound } from "../nfs4/compound.ts";
import {
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_RECLAIM_COMPLETE,
} from "../nfs4/constants.ts";
import { decodeAs } from "../nfs4/fields.ts";
import {
  BIND_CONN_TO_SESSION4args,
  BIND_CONN_TO_SESSION4res,
  CREATE_SESSION4args,
  CREATE_SESSION4res,
  DESTROY_CLIENTID4args,
  DESTROY_SESSION4args,
  EXCHANGE_ID4args,
  EXCHANGE_ID4res,
  RECLAIM_COMPLETE4args,
  type state_protect4_r,
} from "../nfs4/ops/session.ts";
import type { Call, Reply } from "../session/call.ts";
import { fromWire } from "../session/channel-attributes.ts";
import type { CreateSessionResult, ExchangeIdResult } from "../session/facts.ts";
import type { PendingOperation } from "../session/pending-operation.ts";
import type { SessionOperations } from "../session/session-operations.ts";
import type { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import type { Type, ValueOf } from "../xdr/types.ts";
import { hexOf } from "./session-ids.ts";

/** Translates the operations on sessions and client IDs from XDR values to the model's words. */
export class SessionOperationReader {
  readonly #operations: SessionOperations;

  constructor(operations: SessionOperations) {
    this.#operations = operations;
  }

  /** Tells the model of the session operations in a call, and leaves them on it for the reply. */
  readCall(call: Call, compound: Compound, cursor: Cursor): void {
    const pending: PendingOperation[] = [];
    for (let index = 0; index < compound.count; index++) {
      const operation = this.#readArgs(call, compound, index, cursor);
      if (operation !== null) pending.push(operation);
    }
    if (pending.length > 0) call.sessionOperations = pending;
  }

  #readArgs(call: Call, compound: Compound, index: number, cursor: Cursor): PendingOperation | null {
    const read = <T>(type: Type<T>) => decode(type, compound, index, cursor);
    switch (compound.ops[index]) {
      case OP_EXCHANGE_ID: {
        const args = read(EXCHANGE_ID4args);
        return args && { kind: "exchange-id", index, args: exchangeIdArgs(args) };
      }
      case OP_CREATE_SESSION: {
        const wire = read(CREATE_SESSION4args);
        if (wire === null) return null;
        const args = createSessionArgs(wire);
        return { kind: "create-session", index, args, standing: this.#operations.createSessionCall(call, args) };
      }
      case OP_BIND_CONN_TO_SESSION: {
        const args = read(BIND_CONN_TO_SESSION4args);
        if (args === null) return null;
        const sessionId = hexOf(args.bctsa_sessid);
        const bound = this.#operations.boundChannels(call, sessionId);
        return { kind: "bind-conn-to-session", index, args: { sessionId, direction: args.bctsa_dir }, bound };
      }
      case OP_DESTROY_SESSION: {
        const args = read(DESTROY_SESSION4args);
        if (args === null) return null;
        const sessionId = hexOf(args.dsa_sessionid);
        this.#operations.destroySessionCall(call, sessionId);
        return { kind: "destroy-session", index, args: { sessionId } };
      }
      case OP_DESTROY_CLIENTID: {
        const args = read(DESTROY_CLIENTID4args);
        return args && { kind: "destroy-clientid", index, args: { clientId: clientIdText(args.dca_clientid) } };
      }
      case OP_RECLAIM_COMPLETE: {
        const oneFs = read(RECLAIM_COMPLETE4args)?.rca_one_fs;
        if (oneFs === undefined) return null;
        this.#operations.reclaimCompleteCall(call, oneFs);
        return { kind: "reclaim-complete", index, args: { oneFs } };
      }
      default:
        return null;
    }
  }

  /** Tells the model how the session operations of a call ended; `compound` is the skimmed reply. */
  readReply(call: Call, reply: Reply, compound: Compound, cursor: Cursor): void {
    for (const operation of call.sessionOperations ?? []) {
      const { index } = operation;
      // A server may answer another operation than it was asked for: reply-op-mismatch tells of that.
      const isAnswered = index < compound.count && compound.ops[index] === call.operations.numbers[index];
      if (isAnswered) this.#readResult(call, reply, operation, compound, cursor);
      else if (index === 0) this.#withoutResult(call, reply, operation);
    }
  }

  #readResult(call: Call, reply: Reply, operation: PendingOperation, compound: Compound, cursor: Cursor): void {
    const { index } = operation;
    const status = compound.statuses[index]!;
    const read = <T>(type: Type<T>) => (status === 0 ? decode(type, compound, index, cursor) : null);
    const answered = { call, reply, status };
    switch (operation.kind) {
      case "exchange-id":
        this.#operations.exchangeId({
          ...answered,
          args: operation.args,
          result: exchangeIdResult(read(EXCHANGE_ID4res)),
        });
        break;
      case "create-session":
        this.#operations.createSession(
          { ...answered, args: operation.args, result: createSessionResult(read(CREATE_SESSION4res)) },
          operation.standing,
        );
        break;
      case "bind-conn-to-session": {
        const direction = read(BIND_CONN_TO_SESSION4res)?.bctsr_resok4?.bctsr_dir;
        const result = direction === undefined ? null : { direction };
        this.#operations.bindConnToSession({ ...answered, args: operation.args, result }, operation.bound);
        break;
      }
      case "destroy-session":
        this.#operations.destroySession({ ...answered, args: operation.args, result: status === 0 ? true : null });
        break;
      case "destroy-clientid":
        this.#operations.destroyClientid({ ...answered, args: operation.args, result: status === 0 ? true : null });
        break;
      case "reclaim-complete":
        this.#operations.reclaimComplete({ ...answered, args: operation.args, result: status === 0 ? true : null });
    }
  }

  /** A sole operation without a result of its own, refused as a whole: the COMPOUND status speaks for it. */
  #withoutResult(call: Call, reply: Reply, operation: PendingOperation): void {
    if (reply.status <= 0) return;
    const answered = { call, reply, status: reply.status, result: null };
    if (operation.kind === "exchange-id") this.#operations.exchangeId({ ...answered, args: operation.args });
    if (operation.kind === "create-session")
      this.#operations.createSession({ ...answered, args: operation.args }, operation.standing);
    if (operation.kind === "bind-conn-to-session")
      this.#operations.bindConnToSession({ ...answered, args: operation.args }, operation.bound);
    if (operation.kind === "destroy-session") this.#operations.destroySession({ ...answered, args: operation.args });
  }
}

function decode<T>(type: Type<T>, compound: Compound, index: number, cursor: Cursor): T | null {
  try {
    return decodeAs(type, compound, index, cursor);
  } catch (error) {
    if (error instanceof XdrError) return null;
    throw error;
  }
}

function clientIdText(id: bigint): string {
  return id.toString(16).padStart(16, "0");
}

function exchangeIdArgs(args: EXCHANGE_ID4args) {
  const { co_ownerid, co_verifier } = args.eia_clientowner;
  return {
    ownerHex: hexOf(co_ownerid),
    verifier: hexOf(co_verifier),
    flags: args.eia_flags,
    stateProtect: args.eia_state_protect.spa_how,
  };
}

function exchangeIdResult(result: EXCHANGE_ID4res | null): ExchangeIdResult | null {
  const ok = result?.eir_resok4;
  if (ok === undefined) return null;
  const { so_major_id, so_minor_id } = ok.eir_server_owner;
  return {
    clientId: clientIdText(ok.eir_clientid),
    sequenceId: ok.eir_sequenceid,
    flags: ok.eir_flags,
    serverOwner: [hexOf(so_major_id), so_minor_id.toString(16), hexOf(ok.eir_server_scope)].join("/"),
    stateProtect: ok.eir_state_protect.spr_how,
    mustEnforce: enforcedBy(ok.eir_state_protect),
  };
}

/** Bit n of bitmap4 is operation n. RFC 8881 §18.35.3 */
function enforcedBy({ spr_mach_ops, spr_ssv_info }: ValueOf<typeof state_protect4_r>): ReadonlySet<number> {
  const words = (spr_mach_ops ?? spr_ssv_info?.spi_ops)?.spo_must_enforce ?? [];
  const bits = words.flatMap((word, i) =>
    [...Array(32).keys()].filter((bit) => (word >>> bit) & 1).map((bit) => 32 * i + bit),
  );
  return new Set(bits);
}

function createSessionArgs(args: CREATE_SESSION4args) {
  return {
    clientId: clientIdText(args.csa_clientid),
    sequence: args.csa_sequence,
    flags: args.csa_flags,
    fore: fromWire(args.csa_fore_chan_attrs),
    back: fromWire(args.csa_back_chan_attrs),
    callbackProgram: args.csa_cb_program,
  };
}

function createSessionResult(result: CREATE_SESSION4res | null): CreateSessionResult | null {
  const ok = result?.csr_resok4;
  if (ok === undefined) return null;
  return {
    sessionId: hexOf(ok.csr_sessionid),
    sequence: ok.csr_sequence,
    flags: ok.csr_flags,
    fore: fromWire(ok.csr_fore_chan_attrs),
    back: fromWire(ok.csr_back_chan_attrs),
  };
}
