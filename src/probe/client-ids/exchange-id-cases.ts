/** The nine cases of RFC 8881 §18.35.4: what EXCHANGE_ID finds of its client owner, and what it makes of it. */
import {
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  NFS4ERR_BADSESSION,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_PERM,
  NFS4ERR_STALE_CLIENTID,
} from "../../nfs4/constants.ts";
import type { EXCHANGE_ID4args } from "../../nfs4/ops/session.ts";
import { allOk, firstStatus } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { ProbeClient } from "../probe-client.ts";
import { newClientId, registrationOf, sameClientId } from "./registration.ts";

const VERIFIER_BYTES = 8;
const UPDATE: Partial<EXCHANGE_ID4args> = { eia_flags: EXCHGID4_FLAG_UPD_CONFIRMED_REC_A };

/** EXCHANGE_ID arguments of the same client after a restart. */
export function anotherIncarnation(bench: Bench, { requester }: ProbeClient): Partial<EXCHANGE_ID4args> {
  const co_verifier = bench.settings.random(VERIFIER_BYTES).slice();
  return { eia_clientowner: { co_ownerid: requester.owner.ownerId, co_verifier } };
}

/** Cases 1 and 4: nobody, and somebody who never made a session. Each time it is a new client ID; the old one is gone. */
export async function newOwner(bench: Bench): Promise<void> {
  const client = bench.client();
  const connection = await client.connect();
  const incarnations = [{}, {}, anotherIncarnation(bench, client), {}];
  const seen: bigint[] = [];
  for (const incarnation of incarnations) {
    for (const call of [{}, { cred: bench.otherCredential }]) {
      const exchange = await client.exchangeId(connection, incarnation, call);
      bench.expect(exchange, newClientId(...seen));
      seen.push(registrationOf(exchange)?.eir_clientid ?? 0n);
    }
  }
  const [old] = seen;
  const { exchange } = await client.createSession(connection, {}, { csa_clientid: old! });
  bench.expect(exchange, firstStatus(NFS4ERR_STALE_CLIENTID));
}

/** Case 2: the same again. The session does not feel it. */
export async function again(bench: Bench): Promise<void> {
  const { client, session } = await bench.clientWithSession();
  const same = sameClientId(client.clientId);
  bench.expect(await client.exchangeId(session.connection), same);
  await bench.expectNext(session, 0, 1);
}

/** Case 3 with a session: the owner is somebody else's. */
export async function collision(bench: Bench): Promise<void> {
  for (const isRestart of [false, true]) {
    const { client, session } = await bench.clientWithSession();
    const operation = client.exchangeIdOperation(isRestart ? anotherIncarnation(bench, client) : {});
    const exchange = await client.alone(session.connection, { cred: bench.otherCredential }, operation);
    // Whether a session alone is state is not said here; in §18.50.3 it is.
    const verdict = bench.expect(exchange, firstStatus(NFS4ERR_CLID_INUSE), newClientId(client.clientId));
    if (verdict === "pass") await bench.expectNext(session, 0, 1);
  }
}

/** Case 3 without any state: whoever comes takes the owner over. */
export async function takeover(bench: Bench): Promise<void> {
  const { client, session } = await bench.clientWithSession();
  const { clientId } = client;
  bench.need(await session.destroy(), allOk, "a client ID without a session");
  const connection = await client.connect();
  const operation = client.exchangeIdOperation();
  bench.expect(await client.alone(connection, { cred: bench.otherCredential }, operation), newClientId(clientId));
  const { exchange } = await client.createSession(connection);
  bench.expect(exchange, firstStatus(NFS4ERR_STALE_CLIENTID));
}

/** Case 5: the client restarted. With its first session the old one ends. */
export async function restart(bench: Bench): Promise<void> {
  const { client, session } = await bench.clientWithSession();
  const { connection } = session;
  const another = newClientId(client.clientId);
  bench.expect(await client.exchangeId(connection, anotherIncarnation(bench, client)), another);
  const { exchange, session: fresh } = await client.createSession(connection);
  bench.expect(exchange, allOk);
  bench.expect(await session.sequence(1, 0), firstStatus(NFS4ERR_BADSESSION));
  if (fresh !== null) await bench.expectNext(fresh, 0, 1);
}

/** Cases 6, 8 and 9: an update, and those that may not make one. */
export async function update(bench: Bench): Promise<void> {
  const { client, session } = await bench.clientWithSession();
  const { connection } = session;
  const other = { cred: bench.otherCredential };
  const same = sameClientId(client.clientId);
  bench.expect(await client.exchangeId(connection, UPDATE), same);
  const stranger = { ...anotherIncarnation(bench, client), ...UPDATE };
  bench.expect(await client.exchangeId(connection, stranger), firstStatus(NFS4ERR_NOT_SAME));
  // Cases 8 and 9 both fit.
  bench.expect(await client.exchangeId(connection, stranger, other), firstStatus(NFS4ERR_NOT_SAME, NFS4ERR_PERM));
  bench.expect(await client.exchangeId(connection, UPDATE, other), firstStatus(NFS4ERR_PERM));
  await bench.expectNext(session, 0, 1);
}

/** Case 7: there is nothing to update, and what is unconfirmed stays as it is. */
export async function updateOfNothing(bench: Bench): Promise<void> {
  const client = bench.client();
  const connection = await client.connect();
  bench.expect(await client.exchangeId(connection, UPDATE), firstStatus(NFS4ERR_NOENT));
  bench.expect(await client.exchangeId(connection), newClientId());
  bench.expect(await client.exchangeId(connection, UPDATE), firstStatus(NFS4ERR_NOENT));
  bench.expect((await client.createSession(connection)).exchange, allOk);
}
