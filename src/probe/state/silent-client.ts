import { ATTRIBUTES } from "../../nfs4/attributes.ts";
import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
} from "../../nfs4/constants.ts";
import { attributeOf } from "../../nfs4/fattr.ts";
import { GETATTR4res } from "../../nfs4/ops/attributes.ts";
import { OPEN4res } from "../../nfs4/ops/open.ts";
import { TEST_STATEID4res } from "../../nfs4/ops/session.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { Exchange } from "../exchange.ts";
import { getAttr, getFh, openCreate, putFh, testStateid } from "../operations.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import { statusFlagsOf } from "../status-flags.ts";

const MILLIS_PER_SECOND = 1000;
const EXPIRED = SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED | SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED;

/** A client with an open file that lets its lease run out. */
export class SilentClient {
  readonly session: ProbeSession;
  /** As the server says, for all its clients. */
  readonly leaseMillis: number;
  readonly #client: ProbeClient;
  readonly #stateid: stateid4;

  constructor(client: ProbeClient, session: ProbeSession, stateid: stateid4, leaseMillis: number) {
    this.#client = client;
    this.session = session;
    this.#stateid = stateid;
    this.leaseMillis = leaseMillis;
  }

  /** Speaks again: the next request of slot 0, on another connection if the old one was closed meanwhile. */
  async speak(): Promise<Exchange> {
    const { connection } = this.session;
    const path = connection.isOpen ? connection : await this.#client.connect();
    return this.session.sequence(2, 0, { connection: path }, testStateid(this.#stateid));
  }
}

/** One of them, with a file of that name. Inconclusive where the lease is longer than `leaseMillisMax`. */
export async function silentClient(bench: Bench, name: string, leaseMillisMax: number): Promise<SilentClient> {
  const { fileHandle } = await bench.scratch();
  const client = bench.client();
  const session = await bench.stateSession({}, client);
  const operations = [putFh(fileHandle), openCreate(name), getFh(), getAttr("lease_time")];
  const opened = await session.sequence(1, 0, {}, ...operations);
  bench.need(opened, allOk, "an open file");
  const { number } = ATTRIBUTES.lease_time;
  const seconds = attributeOf(opened.result(GETATTR4res)!.resok4!.obj_attributes, number) ?? 0;
  const leaseMillis = seconds * MILLIS_PER_SECOND;
  if (leaseMillis === 0) bench.inconclusive("the server does not tell its lease_time");
  if (leaseMillis > leaseMillisMax) bench.skip(`a lease of ${seconds} seconds is too long to wait for`);
  return new SilentClient(client, session, opened.result(OPEN4res)!.resok4!.stateid, leaseMillis);
}

/** The session is gone, or the flags say that state is. */
export function showsLoss(exchange: Exchange): boolean {
  return exchange.statusAt(0) === NFS4ERR_BADSESSION || (statusFlagsOf(exchange) & EXPIRED) !== 0;
}

/** The open file is still there. */
export function isStillOpen(exchange: Exchange): boolean {
  return exchange.result(TEST_STATEID4res)?.tsr_resok4?.tsr_status_codes[0] === NFS4_OK;
}
