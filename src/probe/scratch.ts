import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_NOTDIR } from "../nfs4/constants.ts";
import { GETFH4res } from "../nfs4/ops/filehandle.ts";
import { READDIR4res } from "../nfs4/ops/readdir.ts";
import { type CompoundReply, replyText, resultOf } from "../requester/compound-reply.ts";
import { pause } from "../requester/connection-pool.ts";
import { ManagedSession } from "../requester/managed-session.ts";
import type { Requester } from "../requester/requester.ts";
import { createDirectory, getFh, lookup, putFh, putRootFh, readDir, remove, setAttr } from "./operations.ts";
import { portHint } from "./port-hint.ts";
import { Stop } from "./stop.ts";

/** Entries removed with one scratch directory: a server that never ends its listing is left alone at some time. */
const REMOVALS_MAX = 20_000;
const DEPTH_MAX = 8;
const DELAYS_MAX = 40;
const DELAY_MILLIS = 250;
const LISTING_BYTES = 4096;
/** Read, write and search for everyone: some probes act for two users. */
const OPEN_TO_ALL = 0o777;

/** A directory of a probe's own. */
export interface Scratch {
  readonly name: string;
  readonly fileHandle: Uint8Array;
}

/** Makes and removes a scratch directory, with a client of its own that is kept apart from what is probed. */
export class ScratchKeeper {
  readonly #session: ManagedSession;
  readonly #requester: Requester;
  readonly #exportPath: readonly string[];
  #made: Scratch | null = null;
  #removals = 0;

  constructor(requester: Requester, exportPath: readonly string[]) {
    this.#requester = requester;
    this.#session = new ManagedSession(requester, { patienceMillis: 0 });
    this.#exportPath = exportPath;
  }

  async make(name: string): Promise<Scratch> {
    const trouble = await this.#session.open();
    if (trouble !== null) throw new Stop("inconclusive", `no scratch directory: ${trouble}`);
    const made = await this.#send([...this.#parent(), createDirectory(name, { mode: OPEN_TO_ALL }), getFh()]);
    const object = made === null ? undefined : resultOf(made, GETFH4res)?.resok4?.object;
    if (object === undefined) {
      const hint = made === null ? "" : portHint(this.#session.connections[0]?.localAddress, made.status);
      throw new Stop("inconclusive", `no scratch directory: ${made === null ? "no reply" : replyText(made)}${hint}`);
    }
    this.#made = { name, fileHandle: object };
    // The server may have an umask of its own.
    await this.#send([putFh(object), setAttr({ mode: OPEN_TO_ALL })]);
    return this.#made;
  }

  /** Removes the directory and all in it. Says what was left; null for nothing. */
  async remove(): Promise<string | null> {
    const made = this.#made;
    let left: string | null = null;
    if (made !== null) {
      await this.#empty(made.fileHandle, DEPTH_MAX);
      const removed = await this.#send([...this.#parent(), remove(made.name)]);
      if (removed?.status !== NFS4_OK) left = `${made.name}: ${removed === null ? "no reply" : replyText(removed)}`;
    }
    await this.#session.close(true);
    return left;
  }

  #parent(): OperationValue[] {
    return [putRootFh(), ...this.#exportPath.map(lookup)];
  }

  async #empty(directory: Uint8Array, depth: number): Promise<void> {
    for (;;) {
      const listing = await this.#send([putFh(directory), readDir(LISTING_BYTES)]);
      const entries = (listing === null ? undefined : resultOf(listing, READDIR4res)?.resok4?.reply.entries) ?? [];
      let removed = 0;
      for (const { name } of entries) {
        if (++this.#removals > REMOVALS_MAX) return;
        if (await this.#removeOne(directory, name, depth)) removed++;
      }
      if (removed === 0) return;
    }
  }

  async #removeOne(directory: Uint8Array, name: string, depth: number): Promise<boolean> {
    const inside = await this.#send([putFh(directory), lookup(name), getFh(), readDir(LISTING_BYTES)]);
    const isDirectory = inside !== null && inside.status !== NFS4ERR_NOTDIR;
    const object = inside === null ? undefined : resultOf(inside, GETFH4res)?.resok4?.object;
    if (isDirectory && object !== undefined && depth > 0) await this.#empty(object, depth - 1);
    return (await this.#send([putFh(directory), remove(name)]))?.status === NFS4_OK;
  }

  /** The reply once the server does not put it off any more; null when there is none. */
  async #send(operations: readonly OperationValue[]): Promise<CompoundReply | null> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#session.compound(operations);
      if (outcome.kind !== "reply") return null;
      if (outcome.reply.status !== NFS4ERR_DELAY || attempt === DELAYS_MAX) return outcome.reply;
      await pause(this.#requester.timers, DELAY_MILLIS);
    }
  }
}
