import type { AttributeValues } from "../../src/nfs4/attributes.ts";
import { writeAttributes } from "../../src/nfs4/fattr.ts";
import type { LOCK4args, LOCK4denied } from "../../src/nfs4/ops/lock.ts";
import type { OPEN4args, OPEN4res } from "../../src/nfs4/ops/open.ts";
import type { stateid4 } from "../../src/nfs4/types.ts";
import type { Inode } from "../../src/server/fs/inode.ts";
import { payloadOf, type ValueOf } from "../../src/xdr/types.ts";
import type { StatefulClient } from "./stateful-server.ts";

// Arguments of the operations on state, short.

export const READ = 1;
export const WRITE = 2;
export const BOTH = 3;
export const NONE = 0;

export const CLAIM = { null: 0, previous: 1, delegateCur: 2, delegatePrev: 3, fh: 4, delegCurFh: 5 } as const;
export const CREATE_MODE = { unchecked: 0, guarded: 1, exclusive: 2, exclusive41: 3 } as const;
export const WANT = { read: 0x100, write: 0x200, any: 0x300, none: 0x400, cancel: 0x500 } as const;
export const DELEGATE = { none: 0, read: 1, write: 2, noneExt: 3 } as const;
export const WRITE_LOCK = 2;
export const READ_LOCK = 1;
export const TO_END = 0xffff_ffff_ffff_ffffn;

type Claim = OPEN4args["claim"];
type How = OPEN4args["openhow"];

export interface OpenWish {
  readonly owner?: string;
  readonly access?: number;
  readonly deny?: number;
  readonly claim?: Claim;
  readonly how?: How;
}

/** OPEN of the current file, unless the wish says otherwise; no delegation is wanted unless it says so. */
export function openArgs({ owner = "owner", access = READ | WANT.none, deny = NONE, claim, how }: OpenWish = {}) {
  return {
    seqid: 0,
    share_access: access,
    share_deny: deny,
    owner: { clientid: 0n, owner: Buffer.from(owner) },
    openhow: how ?? { opentype: 0 },
    claim: claim ?? { claim: CLAIM.fh },
  };
}

export const byNameClaim = (file: string): Claim => ({ claim: CLAIM.null, file });

/** OPEN4_CREATE with attributes, or a verifier, or both, as the mode has it. */
export function creating(mode: number, attributes: Partial<AttributeValues> = {}, verifier = 1): How {
  const attrs = writeAttributes(attributes as AttributeValues);
  const verf = new Uint8Array(8).fill(verifier);
  const bodies = [
    { createattrs: attrs },
    { createattrs: attrs },
    { createverf: verf },
    { ch_createboth: { cva_verf: verf, cva_attrs: attrs } },
  ];
  return { opentype: 1, how: { mode, ...bodies[mode] } };
}

type Opened = NonNullable<OPEN4res["resok4"]>;

/** Opens, and gives the whole result. */
export async function opened(client: StatefulClient, inode: Inode, wish: OpenWish = {}): Promise<Opened> {
  const { resok4 } = await client.at(inode).ok<{ resok4: Opened }>("OPEN", openArgs(wish));
  return resok4;
}

/** Opens, and gives the stateid. */
export async function openStateid(client: StatefulClient, inode: Inode, wish: OpenWish = {}): Promise<stateid4> {
  return (await opened(client, inode, wish)).stateid;
}

/** Opens for reading with a delegation, which outlives the open, and gives its stateid. */
export async function delegationStateid(client: StatefulClient, inode: Inode): Promise<stateid4> {
  const { stateid, delegation } = await opened(client, inode, { access: READ | WANT.read });
  if (delegation.read === undefined) throw new Error("no delegation was granted");
  await client.at(inode).ok("CLOSE", closeArgs(stateid));
  return delegation.read.stateid;
}

export const closeArgs = (open_stateid: stateid4) => ({ seqid: 0, open_stateid });
export const readArgs = (stateid: stateid4, offset = 0n, count = 100) => ({ stateid, offset, count });
export const writeArgs = (stateid: stateid4, text: string, offset = 0n) => ({
  stateid,
  offset,
  stable: 0,
  data: payloadOf(Buffer.from(text)),
});

export interface LockWish {
  readonly type?: number;
  readonly offset?: bigint;
  readonly length?: bigint;
  readonly isReclaim?: boolean;
  readonly owner?: string;
}

/** LOCK of an owner that has no lock stateid for the file yet. */
export function lockArgs(open_stateid: stateid4, wish: LockWish = {}): LOCK4args {
  const { owner = "locker" } = wish;
  const lock_owner = { clientid: 0n, owner: Buffer.from(owner) };
  return lockOf({ new_lock_owner: true, open_owner: { open_seqid: 0, open_stateid, lock_seqid: 0, lock_owner } }, wish);
}

/** LOCK of one that has. */
export function lockMoreArgs(lock_stateid: stateid4, wish: LockWish = {}): LOCK4args {
  return lockOf({ new_lock_owner: false, lock_owner: { lock_stateid, lock_seqid: 0 } }, wish);
}

function lockOf(locker: LOCK4args["locker"], wish: LockWish): LOCK4args {
  const { type = WRITE_LOCK, offset = 0n, length = TO_END, isReclaim = false } = wish;
  return { locktype: type, reclaim: isReclaim, offset, length, locker };
}

export function lockTestArgs({ type = WRITE_LOCK, offset = 0n, length = TO_END, owner = "locker" }: LockWish = {}) {
  return { locktype: type, offset, length, owner: { clientid: 0n, owner: Buffer.from(owner) } };
}

export function unlockArgs(lock_stateid: stateid4, { offset = 0n, length = TO_END }: LockWish = {}) {
  return { locktype: WRITE_LOCK, seqid: 0, lock_stateid, offset, length };
}

/** What LOCK and LOCKT give. */
export interface LockOutcome {
  readonly resok4?: { readonly lock_stateid: stateid4 };
  readonly denied?: ValueOf<typeof LOCK4denied>;
}

/** Locks, and gives the stateid. */
export async function lockStateid(client: StatefulClient, inode: Inode, args: LOCK4args): Promise<stateid4> {
  const { resok4 } = await client.at(inode).ok<LockOutcome>("LOCK", args);
  return (resok4 as { lock_stateid: stateid4 }).lock_stateid;
}
