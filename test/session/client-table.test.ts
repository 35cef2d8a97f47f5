import { beforeEach, describe, expect, it } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_CLIENTID_BUSY,
  NFS4ERR_DELAY,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_PERM,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_TOOSMALL,
} from "../../src/nfs4/constants.ts";
import type { Client, ClientProperties } from "../../src/session/client.ts";
import { SP4_NONE } from "../../src/session/client.ts";
import { ClientTable } from "../../src/session/client-table.ts";

const LEASE = 90e9;

let table: ClientTable<string>;
beforeEach(() => {
  let last = 0x1000n;
  table = new ClientTable(LEASE, () => ++last);
});

function properties(changes: Partial<ClientProperties> = {}): ClientProperties {
  const base = {
    ownerId: "6f31",
    verifier: "01",
    principal: "root",
    minorVersion: 1,
    flags: 0,
    stateProtect: SP4_NONE,
  };
  return { ...base, ...changes };
}

function exchange(changes: Partial<ClientProperties> = {}, update = false, at = 0) {
  return table.exchangeId(properties(changes), update, 1, at);
}

function confirm(client: Client<string>, seq = 1): Client<string> | null {
  expect(table.beginCreateSession(client.clientId, seq, client.properties.principal).status).toBe(NFS4_OK);
  const older = table.finishCreateSession(client, NFS4_OK, `session ${seq}`);
  client.sessions.add(`session ${seq}`);
  return older;
}

function confirmed(): Client<string> {
  const { client } = exchange();
  confirm(client!);
  return client!;
}

describe("ClientTable: the nine cases of EXCHANGE_ID", () => {
  it("1: a new owner gets an unconfirmed record", () => {
    const answer = exchange();
    expect(answer).toMatchObject({ status: NFS4_OK, case: 1, deleted: null });
    expect(answer.client).toMatchObject({ clientId: 0x1001n, isConfirmed: false });
    expect(answer.client!.createSession.nextSeq).toBe(1);
  });

  it("2: the same client again gets the same client ID, confirmed, unchanged", () => {
    const client = confirmed();
    const answer = exchange({ flags: 1 });
    expect(answer).toMatchObject({ status: NFS4_OK, case: 2 });
    expect(answer.client).toBe(client);
    expect(client.properties.flags).toBe(0);
  });

  it("3: another principal is turned away while the first has state and a lease", () => {
    const client = confirmed();
    expect(exchange({ principal: "eve" })).toMatchObject({ status: NFS4ERR_CLID_INUSE, case: 3, client: null });
    expect(table.get(client.clientId)).toBe(client);
  });

  it("3: but takes over when there is no state, or when the lease ran out", () => {
    const client = confirmed();
    client.sessions.clear();
    expect(exchange({ principal: "eve" })).toMatchObject({ status: NFS4_OK, case: 3, deleted: client });
    expect(table.get(client.clientId)).toBeNull();
    const other = exchange({ ownerId: "77" }).client!;
    confirm(other);
    expect(exchange({ ownerId: "77", principal: "eve" }, false, LEASE + 1)).toMatchObject({ case: 3, deleted: other });
  });

  it("4: an unconfirmed record is replaced by one with a new client ID (two EXCHANGE_IDs of a Linux mount)", () => {
    const first = exchange().client!;
    const second = exchange();
    expect(second).toMatchObject({ status: NFS4_OK, case: 4 });
    expect(second.client!.clientId).not.toBe(first.clientId);
    expect(table.get(first.clientId)).toBeNull();
    expect(table.beginCreateSession(first.clientId, 1, "root").status).toBe(NFS4ERR_STALE_CLIENTID);
    expect(table.count).toBe(1);
  });

  it("5: after a restart both records live until CREATE_SESSION confirms the new one", () => {
    const old = confirmed();
    const answer = exchange({ verifier: "02" });
    expect(answer).toMatchObject({ status: NFS4_OK, case: 5, deleted: null });
    expect(table.get(old.clientId)).toBe(old);
    expect(table.count).toBe(2);
    expect(confirm(answer.client!)).toBe(old);
    expect(table.get(old.clientId)).toBeNull();
    expect(exchange({ verifier: "02" })).toMatchObject({ case: 2, client: answer.client });
  });

  it("5 again: a second new incarnation replaces the first one's unconfirmed record", () => {
    const old = confirmed();
    const second = exchange({ verifier: "02" }).client!;
    const third = exchange({ verifier: "03" });
    expect(third.case).toBe(5);
    expect([table.get(second.clientId), table.get(old.clientId)]).toEqual([null, old]);
  });

  it("6: an update keeps the client ID and takes the new properties", () => {
    const client = confirmed();
    expect(exchange({ flags: 2 }, true)).toMatchObject({ status: NFS4_OK, case: 6, client });
    expect(client.properties.flags).toBe(2);
  });

  it("7: an update without a confirmed record changes nothing", () => {
    expect(exchange({}, true)).toMatchObject({ status: NFS4ERR_NOENT, case: 7 });
    const pending = exchange().client!;
    expect(exchange({}, true)).toMatchObject({ status: NFS4ERR_NOENT, case: 7, client: null });
    expect(table.get(pending.clientId)).toBe(pending);
  });

  it("8, 9: an update by another incarnation or another principal is refused", () => {
    const client = confirmed();
    expect(exchange({ verifier: "02", principal: "eve" }, true)).toMatchObject({ status: NFS4ERR_NOT_SAME, case: 8 });
    expect(exchange({ principal: "eve" }, true)).toMatchObject({ status: NFS4ERR_PERM, case: 9 });
    expect(client.properties).toEqual(properties());
  });
});

describe("ClientTable: CREATE_SESSION", () => {
  it("phase 1: an unknown client ID is stale", () => {
    expect(table.beginCreateSession(5n, 1, "root")).toEqual({
      verdict: null,
      status: NFS4ERR_STALE_CLIENTID,
      cached: null,
      client: null,
    });
  });

  it("phase 2 comes before phase 3: a wrong sequence id hides a wrong principal", () => {
    const client = exchange().client!;
    expect(table.beginCreateSession(client.clientId, 3, "eve").status).toBe(NFS4ERR_SEQ_MISORDERED);
    expect(table.beginCreateSession(client.clientId, 0, "eve")).toMatchObject({
      verdict: "replay",
      status: NFS4ERR_SEQ_MISORDERED,
    });
  });

  it("phase 3: another principal is refused, which consumes the sequence id and is cached", () => {
    const client = exchange().client!;
    expect(table.beginCreateSession(client.clientId, 1, "eve")).toMatchObject({ status: NFS4ERR_CLID_INUSE, client });
    table.finishCreateSession(client, NFS4ERR_CLID_INUSE, "in use");
    expect(table.beginCreateSession(client.clientId, 1, "root")).toMatchObject({ verdict: "replay", cached: "in use" });
    expect(client.isConfirmed).toBe(false);
    confirm(client, 2);
    expect(client.isConfirmed).toBe(true);
  });

  it("phase 4: failure leaves both incarnations as they were", () => {
    const old = confirmed();
    const client = exchange({ verifier: "02" }).client!;
    table.beginCreateSession(client.clientId, 1, "root");
    expect(table.finishCreateSession(client, NFS4ERR_TOOSMALL, "too small")).toBeNull();
    expect([client.isConfirmed, table.get(old.clientId)]).toEqual([false, old]);
    expect(confirm(client, 2)).toBe(old);
  });

  it("a replay of success repeats it and confirms nothing twice", () => {
    const client = confirmed();
    expect(table.beginCreateSession(client.clientId, 1, "root")).toEqual({
      verdict: "replay",
      status: NFS4_OK,
      cached: "session 1",
      client: null,
    });
    expect(confirm(client, 2)).toBeNull();
  });

  it("DELAY is judged afresh", () => {
    const client = exchange().client!;
    table.beginCreateSession(client.clientId, 1, "root");
    table.finishCreateSession(client, NFS4ERR_DELAY, "later");
    confirm(client, 1);
    expect(client.isConfirmed).toBe(true);
  });

  it("a record that was replaced while its session was being made confirms nothing", () => {
    const first = exchange().client!;
    table.beginCreateSession(first.clientId, 1, "root");
    const second = exchange().client!;
    expect(table.finishCreateSession(first, NFS4_OK, "too late")).toBeNull();
    expect([first.isConfirmed, table.get(first.clientId), table.get(second.clientId)]).toEqual([false, null, second]);
  });
});

describe("ClientTable: the end of clients", () => {
  it("DESTROY_CLIENTID is refused while there is state, and under its own SEQUENCE (§18.50.3)", () => {
    const client = confirmed();
    const { clientId } = client;
    expect(table.destroyClientId(clientId, null, 0)).toBe(NFS4ERR_CLIENTID_BUSY);
    client.sessions.clear();
    client.stateCount = 1;
    expect(table.destroyClientId(clientId, null, 0)).toBe(NFS4ERR_CLIENTID_BUSY);
    client.stateCount = 0;
    expect(table.destroyClientId(clientId, clientId, 0)).toBe(NFS4ERR_CLIENTID_BUSY);
    expect(table.destroyClientId(clientId, 9n, 0)).toBe(NFS4_OK);
    expect(table.destroyClientId(clientId, null, 0)).toBe(NFS4ERR_STALE_CLIENTID);
    expect(exchange().case).toBe(1);
  });

  it("state under a lease that ran out does not keep it", () => {
    const client = confirmed();
    expect(table.destroyClientId(client.clientId, null, LEASE + 1)).toBe(NFS4_OK);
  });

  it("forgets clients whose lease ran out, confirmed or not", () => {
    const client = confirmed();
    const pending = exchange({ ownerId: "77" }).client!;
    expect(table.expire(LEASE)).toEqual([]);
    client.lease.renew(LEASE);
    expect(table.expire(LEASE + 1)).toEqual([pending]);
    expect([...table.clients()]).toEqual([client]);
    expect(table.expire(2 * LEASE + 1)).toEqual([client]);
    expect(table.count).toBe(0);
  });
});
