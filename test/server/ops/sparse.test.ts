import { beforeEach, describe, expect, test } from "vitest";
import { PAGE_BYTES } from "../../../src/server/fs/file-data.ts";
import type { Inode } from "../../../src/server/fs/inode.ts";
import { userOf } from "../../support/server-context.ts";
import { openStateid, READ, WRITE } from "../../support/stateful-operations.ts";
import { ANONYMOUS, INVALID, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

const U64_MAX = 0xffff_ffff_ffff_ffffn;
const [DATA, HOLE] = [0, 1];
const STRANGER = userOf(200);

let server: StatefulServer;
let client: StatefulClient;
let file: Inode;

beforeEach(() => {
  server = new StatefulServer();
  client = server.client();
  file = server.file("f", "contents");
});

const allocate = (aa_offset: bigint, aa_length: bigint, aa_stateid = ANONYMOUS) =>
  client.at(file).status("ALLOCATE", { aa_stateid, aa_offset, aa_length });
const deallocate = (da_offset: bigint, da_length: bigint, da_stateid = ANONYMOUS) =>
  client.at(file).status("DEALLOCATE", { da_stateid, da_offset, da_length });

describe("ALLOCATE", () => {
  test("makes the file longer and takes the space", async () => {
    expect(await allocate(4n, 1000n)).toBe("NFS4_OK");
    expect(file.size).toBe(1004);
    expect(server.fileSystem.space.used).toBeGreaterThanOrEqual(1004);
    expect(Buffer.from(file.data.read(0, 9)).toString()).toBe("contents\0");
  });

  test.each([
    [0n, 2n ** 44n, "NFS4ERR_NOSPC"],
    [2n ** 44n, 1n, "NFS4ERR_FBIG"],
    [U64_MAX, U64_MAX, "NFS4ERR_FBIG"],
  ])("from %i on, %i bytes: %s at once", async (offset, length, status) => {
    const before = server.fileSystem.space.used;
    expect(await allocate(offset, length)).toBe(status);
    expect([file.size, server.fileSystem.space.used]).toEqual([8, before]);
  });
});

describe("DEALLOCATE", () => {
  test("makes a hole of zeros, and leaves the size", async () => {
    file.data.write(0, new Uint8Array(3 * PAGE_BYTES).fill(7));
    const page = BigInt(PAGE_BYTES);
    expect(await deallocate(page - 1n, page + 2n)).toBe("NFS4_OK");
    expect(file.size).toBe(3 * PAGE_BYTES);
    expect(file.spaceUsed).toBe(2 * PAGE_BYTES);
    expect([...file.data.read(PAGE_BYTES - 2, 3)]).toEqual([7, 0, 0]);
    expect([...file.data.read(2 * PAGE_BYTES, 2)]).toEqual([0, 7]);
  });

  test("of all that there could be, and of more than that", async () => {
    expect(await deallocate(0n, U64_MAX)).toBe("NFS4_OK");
    expect([file.size, file.spaceUsed]).toEqual([8, 0]);
    expect(await deallocate(1n, U64_MAX)).toBe("NFS4ERR_INVAL");
  });
});

describe("SEEK", () => {
  const seek = async (sa_offset: bigint, sa_what: number) =>
    (await client.at(file).ok<{ resok4: object }>("SEEK", { sa_stateid: ANONYMOUS, sa_offset, sa_what })).resok4;

  test("finds data and holes; each file ends with a hole", async () => {
    file.data.truncate(0);
    file.data.write(2 * PAGE_BYTES, new Uint8Array(10));
    const page = BigInt(PAGE_BYTES);
    expect(await seek(0n, HOLE)).toEqual({ sr_eof: false, sr_offset: 0n });
    expect(await seek(0n, DATA)).toEqual({ sr_eof: false, sr_offset: 2n * page });
    expect(await seek(2n * page + 3n, DATA)).toEqual({ sr_eof: false, sr_offset: 2n * page + 3n });
    expect(await seek(2n * page + 3n, HOLE)).toEqual({ sr_eof: true, sr_offset: 2n * page + 10n });
    file.data.truncate(4 * PAGE_BYTES);
    expect(await seek(3n * page, DATA)).toEqual({ sr_eof: true, sr_offset: 4n * page });
  });

  test("beyond the end, and for what there is not", async () => {
    const status = (sa_offset: bigint, sa_what: number) =>
      client.at(file).status("SEEK", { sa_stateid: ANONYMOUS, sa_offset, sa_what });
    expect(await status(8n, DATA)).toBe("NFS4ERR_NXIO");
    expect(await status(U64_MAX, HOLE)).toBe("NFS4ERR_NXIO");
    expect(await status(0n, 2)).toBe("NFS4ERR_UNION_NOTSUPP");
  });
});

test("IO_ADVISE takes any advice and follows none", async () => {
  const advice = { iaa_stateid: ANONYMOUS, iaa_offset: 0n, iaa_count: 0n, iaa_hints: [0xffff_ffff] };
  const { resok4 } = await client.at(file).ok<{ resok4: object }>("IO_ADVISE", advice);
  expect(resok4).toEqual({ ior_hints: [] });
  expect(await client.at(file).status("IO_ADVISE", { ...advice, iaa_stateid: INVALID })).toBe("NFS4ERR_BAD_STATEID");
});

describe("all of them", () => {
  const attempts = (stateid = ANONYMOUS): readonly (readonly [string, object])[] => [
    ["ALLOCATE", { aa_stateid: stateid, aa_offset: 0n, aa_length: 1n }],
    ["DEALLOCATE", { da_stateid: stateid, da_offset: 0n, da_length: 1n }],
    ["SEEK", { sa_stateid: stateid, sa_offset: 0n, sa_what: DATA }],
    ["IO_ADVISE", { iaa_stateid: stateid, iaa_offset: 0n, iaa_count: 0n, iaa_hints: [] }],
  ];

  test("are for regular files", async () => {
    for (const [name, args] of attempts()) expect(await client.at().status(name, args)).toBe("NFS4ERR_WRONG_TYPE");
  });

  test("want an open of the right kind, or permission", async () => {
    const reading = await openStateid(client, file, { access: READ, owner: "reader" });
    const writing = await openStateid(client, file, { access: WRITE, owner: "writer" });
    const outcomes = async (stateid = ANONYMOUS, user = userOf(0)) => {
      const found: string[] = [];
      for (const [name, args] of attempts(stateid)) found.push(await client.at(file, user).status(name, args));
      return found;
    };
    expect(await outcomes(reading)).toEqual(["NFS4ERR_OPENMODE", "NFS4ERR_OPENMODE", "NFS4_OK", "NFS4_OK"]);
    expect(await outcomes(writing)).toEqual(["NFS4_OK", "NFS4_OK", "NFS4ERR_OPENMODE", "NFS4_OK"]);
    file.mode = 0;
    expect(await outcomes(ANONYMOUS, STRANGER)).toEqual([
      "NFS4ERR_ACCESS",
      "NFS4ERR_ACCESS",
      "NFS4ERR_ACCESS",
      "NFS4_OK",
    ]);
  });

  test("give way to opens that deny them", async () => {
    await openStateid(client, file, { access: READ, deny: WRITE });
    const [allocating, deallocating, seeking] = attempts();
    for (const [name, args] of [allocating, deallocating] as const) {
      expect(await client.at(file).status(name, args)).toBe("NFS4ERR_ACCESS");
    }
    const [name, args] = seeking as readonly [string, object];
    expect(await client.at(file).status(name, args)).toBe("NFS4_OK");
  });
});
