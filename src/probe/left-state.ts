import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK } from "../nfs4/constants.ts";
import { DELEGRETURN4args } from "../nfs4/ops/delegation.ts";
import { GETFH4res } from "../nfs4/ops/filehandle.ts";
import { CLOSE4args, OPEN4res } from "../nfs4/ops/open.ts";
import type { stateid4 } from "../nfs4/types.ts";
import type { CompoundReply } from "../requester/compound-reply.ts";
import { close, delegReturn, putFh } from "./operations.ts";

/** Opens and delegations that one client can leave behind and that are remembered. */
const LEFT_MAX = 4096;

interface Left {
  readonly fileHandle: Uint8Array;
  readonly stateid: stateid4;
  readonly giveBack: (stateid: stateid4) => OperationValue;
}

/**
 * What a probe's client holds on the server: read off its requests and replies, so that it can be given back. An OPEN
 * needs a GETFH behind it, or nobody knows what to close.
 */
export class LeftState {
  /** Opened without a GETFH behind it, by stateid. */
  readonly #unreachable = new Set<string>();
  readonly #left = new Map<string, Left>();

  /** Opens that nobody knows how to close. */
  get unreachable(): number {
    return this.#unreachable.size;
  }

  /** A request and its reply. */
  observe(operations: readonly OperationValue[], reply: CompoundReply): void {
    for (const [index, result] of reply.results.entries()) {
      if (result.status !== NFS4_OK) return;
      const { operation, value } = operations[index] ?? {};
      if (operation?.args === CLOSE4args) this.#forget((value as CLOSE4args).open_stateid);
      else if (operation?.args === DELEGRETURN4args) this.#forget((value as DELEGRETURN4args).deleg_stateid);
      else if (result.operation.res === OPEN4res) this.#opened(result.value as OPEN4res, handleBehind(reply, index));
    }
  }

  /** Compounds that give everything back. */
  compounds(): OperationValue[][] {
    return [...this.#left.values()].map(({ fileHandle, stateid, giveBack }) => [putFh(fileHandle), giveBack(stateid)]);
  }

  #opened({ resok4 }: OPEN4res, fileHandle: Uint8Array | null): void {
    if (resok4 === undefined) return;
    if (fileHandle === null) {
      if (this.#unreachable.size < LEFT_MAX) this.#unreachable.add(keyOf(resok4.stateid));
      return;
    }
    this.#add({ fileHandle, stateid: resok4.stateid, giveBack: close });
    const { read, write } = resok4.delegation;
    const delegation = read ?? write;
    if (delegation !== undefined) this.#add({ fileHandle, stateid: delegation.stateid, giveBack: delegReturn });
  }

  #add(left: Left): void {
    if (this.#left.size < LEFT_MAX) this.#left.set(keyOf(left.stateid), left);
  }

  #forget(stateid: stateid4): void {
    this.#left.delete(keyOf(stateid));
    this.#unreachable.delete(keyOf(stateid));
  }
}

/** The filehandle that GETFH tells of behind an OPEN. */
function handleBehind(reply: CompoundReply, index: number): Uint8Array | null {
  const next = reply.results.slice(index + 1).find(({ operation }) => operation.res === GETFH4res);
  return (next?.value as GETFH4res | undefined)?.resok4?.object ?? null;
}

/** The sequence id changes with every operation on the state; what stays is the rest. */
function keyOf({ other }: stateid4): string {
  return Buffer.from(other).toString("hex");
}
