import { describe, expect, test } from "vitest";
import type { Inode } from "../../../src/server/fs/inode.ts";
import { specialKind } from "../../../src/server/state/special-stateid.ts";
import { advance, type LockState, type OpenState, type State, stateidOf } from "../../../src/server/state/state.ts";
import { requireSeqid, StateTable } from "../../../src/server/state/state-table.ts";
import { refusalOf } from "../../support/server-context.ts";
import {
  ANONYMOUS,
  BYPASS,
  CURRENT,
  INVALID,
  type StatefulClient,
  StatefulServer,
} from "../../support/stateful-server.ts";

const server = new StatefulServer();
const inode = server.file("f");

function seedOf({ record: client }: StatefulClient, at: Inode = inode) {
  return {
    kind: "open" as const,
    client,
    inode: at,
    owner: "owner",
    access: 1,
    deny: 0,
    accessAsked: 2,
    denyAsked: 1,
    locks: new Set<LockState>(),
  };
}

describe("stateids", () => {
  test("no two are the same, none is special, and each names its state", () => {
    const table = new StateTable();
    const client = server.client();
    const states = Array.from({ length: 1000 }, () => table.add<OpenState>(seedOf(client)));
    expect(new Set(states.map(({ other }) => Buffer.from(other).toString("hex"))).size).toBe(1000);
    for (const state of states) {
      expect(state.seqid).toBe(1);
      expect(specialKind(stateidOf(state))).toBeNull();
      expect(table.find(client.record, stateidOf(state))).toBe(state);
    }
  });

  test("those of another client, of nobody, and of a server instance before are bad", () => {
    const table = new StateTable();
    const [client, other] = [server.client(), server.client()];
    const state = table.add<OpenState>(seedOf(client));
    expect(refusalOf(() => table.find(other.record, stateidOf(state)))).toBe("NFS4ERR_BAD_STATEID");
    expect(refusalOf(() => table.find(client.record, { seqid: 1, other: new Uint8Array(12).fill(7) }))).toBe(
      "NFS4ERR_BAD_STATEID",
    );
    table.restart();
    const later = table.add<OpenState>(seedOf(client));
    expect(refusalOf(() => table.find(client.record, stateidOf(state)))).toBe("NFS4ERR_BAD_STATEID");
    expect(table.find(client.record, stateidOf(later))).toBe(later);
  });

  test.each([
    [5, 5, "NFS4_OK"],
    [0, 5, "NFS4_OK"],
    [4, 5, "NFS4ERR_OLD_STATEID"],
    [6, 5, "NFS4ERR_BAD_STATEID"],
    [0xffff_ffff, 1, "NFS4ERR_OLD_STATEID"],
    [1, 0xffff_ffff, "NFS4ERR_BAD_STATEID"],
  ])("seqid %i where %i is the latest: %s", (seqid, latest, status) => {
    expect(refusalOf(() => requireSeqid({ seqid: latest } as State, seqid))).toBe(status);
  });

  test("after the last seqid comes 1", () => {
    const state = { seqid: 0xffff_fffe, other: new Uint8Array(12) } as State;
    expect(advance(state).seqid).toBe(0xffff_ffff);
    expect(advance(state).seqid).toBe(1);
  });

  test("the client's count is that of its state", () => {
    const table = new StateTable();
    const client = server.client();
    const open = table.add<OpenState>(seedOf(client));
    const { access, deny, accessAsked, denyAsked, ...rest } = seedOf(client);
    const lock = table.add<LockState>({ ...rest, kind: "lock", open });
    expect(client.record.stateCount).toBe(2);
    expect([...table.of(client.record)]).toEqual([open, lock]);
    table.delete(open);
    table.delete(open);
    expect(client.record.stateCount).toBe(1);
    table.delete(lock);
    expect(client.record.stateCount).toBe(0);
    expect(table.size).toBe(0);
  });

  test("there are no more of one client than it may have, and no more of all", () => {
    const table = new StateTable({ statesMax: 5, clientStatesMax: 3 });
    const [greedy, other] = [server.client(), server.client()];
    for (let made = 0; made < 3; made++) table.add<OpenState>(seedOf(greedy));
    expect(refusalOf(() => table.add<OpenState>(seedOf(greedy)))).toBe("NFS4ERR_DELAY");
    for (let made = 0; made < 2; made++) table.add<OpenState>(seedOf(other));
    expect(refusalOf(() => table.add<OpenState>(seedOf(other)))).toBe("NFS4ERR_DELAY");
    expect(table.size).toBe(5);
  });
});

test.each([
  ["anonymous", ANONYMOUS],
  ["bypass", BYPASS],
  ["current", CURRENT],
  ["invalid", INVALID],
  ["invalid", { seqid: 2, other: new Uint8Array(12) }],
  ["invalid", { seqid: 0, other: new Uint8Array(12).fill(0xff) }],
  [null, { seqid: 0, other: new Uint8Array(12).fill(1) }],
  [null, { seqid: 0xffff_ffff, other: new Uint8Array(12).fill(0xff, 1) }],
])("a special stateid: %s", (kind, stateid) => {
  expect(specialKind(stateid)).toBe(kind);
});
