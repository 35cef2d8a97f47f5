import type { OperationValue } from "../nfs4/compound-writer.ts";
import { NFS4_OK, NFS4ERR_DELAY } from "../nfs4/constants.ts";
import { GETFH4res } from "../nfs4/ops/filehandle.ts";
import { OPEN4res } from "../nfs4/ops/open.ts";
import { READDIR4res } from "../nfs4/ops/readdir.ts";
import { allOk } from "./answers.ts";
import type { Bench } from "./bench.ts";
import type { Exchange } from "./exchange.ts";
import {
  close,
  createDirectory,
  createSymlink,
  getFh,
  openCreate,
  putFh,
  readDir,
  remove,
  SHARE,
} from "./operations.ts";
import type { Verdict } from "./probe.ts";
import type { ProbeClient } from "./probe-client.ts";
import type { ProbeSession } from "./probe-session.ts";

const LISTING_BYTES = 4096;
const DELAYS_MAX = 20;
const DELAY_MILLIS = 100;

/** A client beside the one under test: it prepares scratch objects, and looks at what became of them. */
export class Witness {
  readonly client: ProbeClient;
  /** The scratch directory. */
  readonly directory: Uint8Array;
  readonly #bench: Bench;
  readonly #session: ProbeSession;
  #seq = 0;

  constructor(bench: Bench, client: ProbeClient, session: ProbeSession, directory: Uint8Array) {
    this.#bench = bench;
    this.client = client;
    this.#session = session;
    this.directory = directory;
  }

  /** Sends operations, again while the server says DELAY. */
  async send(...operations: OperationValue[]): Promise<Exchange> {
    for (let delays = 0; ; delays++) {
      const exchange = await this.#session.sequence(this.#seq + 1, 0, {}, ...operations);
      if (exchange.statusAt(0) === NFS4_OK) this.#seq++;
      if (exchange.status !== NFS4ERR_DELAY || delays === DELAYS_MAX) return exchange;
      await this.#bench.pause(DELAY_MILLIS);
    }
  }

  /** Makes an empty directory in the scratch directory. */
  async makeDirectory(name: string): Promise<void> {
    await this.#done(`the directory ${name}`, createDirectory(name));
  }

  /** Makes a symbolic link there, and gives its filehandle. */
  async makeLink(name: string, target: string): Promise<Uint8Array> {
    return handleIn(await this.#done(`the symbolic link ${name}`, createSymlink(name, target), getFh()));
  }

  /** Makes an empty file there that nobody has open, and gives its filehandle. */
  async makeFile(name: string): Promise<Uint8Array> {
    const wanted = openCreate(name, { access: SHARE.both | SHARE.wantNoDelegation });
    const made = await this.#done(`the file ${name}`, wanted, getFh());
    const fileHandle = handleIn(made);
    await this.send(putFh(fileHandle), close(made.result(OPEN4res)!.resok4!.stateid));
    return fileHandle;
  }

  async remove(name: string): Promise<void> {
    await this.#done(`the removal of ${name}`, remove(name));
  }

  /** Requires the scratch directory to hold these names and no others; `required` says why. */
  async expectNames(required: string, ...names: string[]): Promise<Verdict> {
    const listing = await this.#done("a listing of the scratch directory", readDir(LISTING_BYTES));
    const found = (listing.result(READDIR4res)?.resok4?.reply.entries ?? []).map(({ name }) => name).sort();
    const wanted = names.toSorted();
    const isSo = found.length === wanted.length && found.every((name, index) => name === wanted[index]);
    return this.#bench.check(isSo, `${required}: ${inWords(wanted)}`, inWords(found));
  }

  async #done(what: string, ...operations: OperationValue[]): Promise<Exchange> {
    const exchange = await this.send(putFh(this.directory), ...operations);
    this.#bench.need(exchange, allOk, what);
    return exchange;
  }
}

/** A witness of this probe. It counts as a client of its own, so make the client under test first. */
export async function witness(bench: Bench): Promise<Witness> {
  const { fileHandle } = await bench.scratch();
  const client = bench.client();
  return new Witness(bench, client, await bench.stateSession({}, client), fileHandle);
}

function handleIn(exchange: Exchange): Uint8Array {
  return exchange.result(GETFH4res)!.resok4!.object;
}

function inWords(names: readonly string[]): string {
  return `the scratch directory holds ${names.length === 0 ? "nothing" : names.join(", ")}`;
}
